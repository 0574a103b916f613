using Histonic.Learning.Encoders;
using Histonic.Slides;
using Histonic.Tests.Support;
using static TorchSharp.torch;

namespace Histonic.Tests.Learning.Encoders;

[NoTensorLeaks]
public sealed class EncoderNetworkTests
{
    private static readonly EncoderShape _small = new()
    {
        PatchSize = 64,
        Width = 8,
        Channels = 5,
    };

    private static readonly EncoderShape _nine = new()
    {
        Architecture = EncoderArchitecture.Shallow,
        PatchSize = 9,
        Channels = 16,
    };

    [Fact]
    public void The_papers_network_has_as_many_weights_as_the_published_file()
    {
        using var network = new PublishedEncoder(new EncoderShape(), new Seed(1));
        Assert.Equal(594_944, network.parameters().Sum(parameter => parameter.numel()));
        Assert.Equal(
            1_024,
            network.named_buffers().Where(entry => entry.buffer.numel() > 1).Sum(entry => entry.buffer.numel())
        );
        Assert.Equal(3 * 3 * 128, network.FeatureCount);
    }

    [Fact]
    public void The_deep_network_has_as_many_weights_as_P2s_table_says()
    {
        using var network = new DeepEncoder(new EncoderShape { Architecture = EncoderArchitecture.Deep }, new Seed(1));
        int[] filters = [3, 32, 64, 128, 256, 512];
        var convolutions = filters.Zip(filters.Skip(1), (inputs, outputs) => (inputs * outputs * 9) + (3 * outputs));
        var dense = (3 * 3 * 512 * 512) + (3 * 512);
        var embedding = (512 * 128) + 128;
        Assert.Equal(convolutions.Sum() + dense + embedding, network.parameters().Sum(parameter => parameter.numel()));
        Assert.Equal(512, network.FeatureCount);
    }

    [Fact]
    public void The_shallow_network_is_that_of_P2s_synthetic_pictures()
    {
        using var network = EncoderNetwork.Create(_nine, new Seed(1));
        var convolutions = (3 * 32 * 9) + (3 * 32) + (32 * 64 * 9) + (3 * 64);
        var dense = (64 * 64) + (3 * 64);
        Assert.Equal(convolutions + dense + (64 * 16) + 16, network.parameters().Sum(parameter => parameter.numel()));
        Assert.Equal(64, network.FeatureCount);
    }

    [Theory]
    [InlineData(EncoderArchitecture.Published)]
    [InlineData(EncoderArchitecture.Deep)]
    public void One_seed_gives_one_network_and_leaves_the_global_generator_alone(EncoderArchitecture architecture)
    {
        using var scope = NewDisposeScope();
        var shape = _small with { Architecture = architecture };
        using var first = EncoderNetwork.Create(shape, new Seed(3));
        using var again = EncoderNetwork.Create(shape, new Seed(3));
        using var other = EncoderNetwork.Create(shape, new Seed(4));
        var x = rand(2, 3, 64, 64);
        Assert.Equal(Numbers(first.forward(x)), Numbers(again.forward(x)));
        Assert.NotEqual(Numbers(first.forward(x)), Numbers(other.forward(x)));
    }

    [Theory]
    [InlineData(EncoderArchitecture.Published, 64)]
    [InlineData(EncoderArchitecture.Deep, 64)]
    [InlineData(EncoderArchitecture.Shallow, 9)]
    public void Torch_and_ONNX_Runtime_agree_on_trained_weights(EncoderArchitecture architecture, int side)
    {
        using var folder = new TemporaryFolder();
        using var scope = NewDisposeScope();
        using var network = EncoderNetwork.Create(
            _small with
            {
                Architecture = architecture,
                PatchSize = side,
            },
            new Seed(1)
        );
        using var adam = optim.Adam(network.parameters(), 0.05);
        using var random = new Generator(1);
        Tensor Draw(int count) => (rand(count, 3, side, side, generator: random) * 2) - 1;
        for (var step = 0; step < 5; step++)
        {
            adam.zero_grad();
            // away from 0, so that embeddings do not become alike
            (network.call(Draw(8)) - randn(8, 5, generator: random))
                .square()
                .mean()
                .backward();
            adam.step();
        }

        network.eval();
        var patches = Draw(3);
        var expected = Numbers(network.forward(patches));
        OnnxEncoderFile.Write(
            folder["e.onnx"],
            network.ToWeights(),
            new EncoderInfo
            {
                Name = "e",
                PatchSize = side,
                PixelSize = new Microns(0.5),
                Channels = 5,
            }
        );
        using var onnx = OnnxEncoder.Open(folder["e.onnx"], threads: 1);
        var actual = new float[15];
        onnx.Encode(Numbers(patches), 3, actual);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-4f));
        Assert.True(
            expected.Max() - expected.Min() > 0.01,
            "the embeddings must differ for the comparison to mean anything"
        );
    }

    [Theory]
    [InlineData(62)]
    [InlineData(65)]
    public void A_patch_that_leaves_nothing_or_cannot_be_halved_is_refused(int size) =>
        Assert.Throws<OptionException>(() => (_small with { PatchSize = size }).Validated());

    [Fact]
    public void A_shallow_encoder_takes_patches_from_8_pixels_odd_ones_too()
    {
        Assert.Equal(9, _nine.Validated().InputSide);
        Assert.Throws<OptionException>(() => (_nine with { PatchSize = 7 }).Validated());
    }

    private static float[] Numbers(Tensor tensor) => [.. tensor.detach().contiguous().data<float>()];
}
