using Histonic.Learning.Encoders.Training.Objectives;
using Histonic.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace Histonic.Tests.Learning.Encoders.Training.Objectives;

[NoTensorLeaks]
public sealed class PatchDecoderTests
{
    [Theory]
    [InlineData(8, 2)]
    [InlineData(9, 2)]
    [InlineData(32, 3)]
    [InlineData(50, 3)]
    [InlineData(64, 4)]
    [InlineData(80, 4)]
    [InlineData(128, 5)]
    public void A_patch_of_every_side_is_drawn(int side, int doublings)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        Assert.Equal(doublings, PatchDecoder.Doublings(side));
        using var decoder = new PatchDecoder(5, side, 8, [.. Enumerable.Repeat(4, doublings)], generator);
        var patches = decoder.call(randn([3, 5], generator: generator) * 10);
        Assert.Equal([3, 3, side, side], patches.shape);
        Assert.InRange(patches.abs().max().ToDouble(), 0.1, 1);
    }

    [Fact]
    public void Each_pixel_becomes_two_by_two_before_a_padded_convolution()
    {
        using var scope = NewDisposeScope();
        using var still = no_grad();
        using var generator = new Generator(1);
        using var decoder = new PatchDecoder(1, 8, 1, [1], generator);
        decoder.eval();
        var state = decoder
            .named_parameters()
            .ToDictionary(one => one.name, one => one.parameter, StringComparer.Ordinal);
        state["dense.weight"].zero_();
        state["dense.bias"].copy_(linspace(0.01, 0.16, 16));

        // nothing but the middle of each kernel: the 4 × 4 start pixels, doubled; both batch norms divide by √(1 + ε)
        Fill("conv0.weight", 0);
        Fill("picture.weight", 0);
        state["conv0.weight"][0, 0, 1, 1] = 1;
        state["picture.weight"][.., 0, 1, 1] = 1;
        for (var row = 0; row < 8; row++)
        {
            for (var column = 0; column < 8; column++)
            {
                var start = 0.01 * ((row / 2 * 4) + (column / 2) + 1) / 1.001;
                Assert.Equal(Math.Tanh(start), Draw(row, column), 1e-5);
            }
        }

        // sums of 9 in both, over equal start pixels: away from the edge 81, in a corner 4 + 6 + 6 + 9
        Fill("dense.bias", 1e-3);
        Fill("conv0.weight", 1);
        Fill("picture.weight", 1);
        Assert.Equal(Math.Tanh(0.081 / 1.001), Draw(3, 3), 1e-5);
        Assert.Equal(Math.Tanh(0.025 / 1.001), Draw(0, 7), 1e-5);

        void Fill(string name, double value) => state[name].fill_(value);

        double Draw(int row, int column) => decoder.call(zeros(1, 1))[0, 2, row, column].ToDouble();
    }
}
