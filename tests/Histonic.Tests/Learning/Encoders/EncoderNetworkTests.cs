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
        Width = 6,
        Channels = 5,
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
    public void One_seed_gives_one_network_and_leaves_the_global_generator_alone()
    {
        using var scope = NewDisposeScope();
        using var first = new PublishedEncoder(_small, new Seed(3));
        using var again = new PublishedEncoder(_small, new Seed(3));
        using var other = new PublishedEncoder(_small, new Seed(4));
        var x = rand(2, 3, 64, 64);
        Assert.Equal(Numbers(first.forward(x)), Numbers(again.forward(x)));
        Assert.NotEqual(Numbers(first.forward(x)), Numbers(other.forward(x)));
    }

    [Fact]
    public void Torch_and_ONNX_Runtime_agree_on_trained_weights()
    {
        using var folder = new TemporaryFolder();
        using var scope = NewDisposeScope();
        using var network = new PublishedEncoder(_small, new Seed(1));
        using var adam = optim.Adam(network.parameters(), 0.05);
        for (var step = 0; step < 5; step++)
        {
            adam.zero_grad();
            network.call((rand(8, 3, 64, 64) * 2) - 1).square().mean().backward();
            adam.step();
        }

        network.eval();
        var patches = (rand(3, 3, 64, 64) * 2) - 1;
        var expected = Numbers(network.forward(patches));
        OnnxEncoderFile.Write(
            folder["e.onnx"],
            network.ToWeights(),
            new EncoderInfo
            {
                Name = "e",
                PatchSize = 64,
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

    private static float[] Numbers(Tensor tensor) => [.. tensor.detach().contiguous().data<float>()];
}
