using CsCheck;
using Histonic.Learning.Encoders;
using Histonic.Learning.Encoders.Kernels;
using Histonic.Learning.Encoders.Onnx;
using Histonic.Tests.Support;

namespace Histonic.Tests.Learning.Encoders.Kernels;

public sealed class KernelEncoderTests
{
    /// <summary>Sides and filters with which every kind of layer comes up: by definition, by few products, with squares that reach beyond the edge.</summary>
    private static readonly Gen<(int Seed, int Side, int[] Filters, int Hidden, bool Norms)> _networks =
        from seed in Gen.Int[1, 1_000_000]
        from side in Gen.Int[31, 72]
        from first in Gen.Int[1, 70]
        from second in Gen.Int[1, 70]
        from third in Gen.Int[1, 20]
        from hidden in Gen.Int[0, 1].Select(one => 7 * one)
        from norms in Gen.Bool
        select (seed, side, new[] { first, second, third }, hidden, norms);

    public KernelEncoderTests() => Assert.SkipUnless(ProductKernel.IsSupported, "needs a processor with AVX-512");

    [Fact]
    public void A_network_gives_what_the_papers_formula_gives() =>
        _networks.Sample(
            one =>
            {
                var (seed, side, filters, hidden, norms) = one;
                var random = new Random(seed);
                var weights = RandomEncoders.Weights(random, side, 1, norms, hidden, filters, scale: 0.2f);
                var patches = RandomEncoders.Patches(random, 3, side);

                var embeddings = Encode(Of(weights), patches, 3, weights.Channels);

                var each = 3 * side * side;
                for (var n = 0; n < 3; n++)
                {
                    var expected = RandomEncoders.Embed(weights, patches.AsSpan(n * each, each));
                    var largest = expected.Max(Math.Abs);
                    for (var c = 0; c < weights.Channels; c++)
                        Assert.Equal(expected[c], embeddings[(n * weights.Channels) + c], 1e-5 * Math.Max(1, largest));
                }
            },
            iter: 30,
            threads: 1
        );

    [Fact]
    public void The_papers_encoder_comes_as_near_to_its_formula_as_onnx_runtime_does()
    {
        var random = new Random(11);
        var weights = RandomEncoders.Weights(random, 128, 2, filters: [128, 128, 128, 128], scale: 0.05f);
        var patches = RandomEncoders.Patches(random, 2, 128);
        using var onnx = OnnxOf(weights);

        var (own, theirs) = (
            Encode(Of(weights), patches, 2, weights.Channels),
            Encode(onnx, patches, 2, weights.Channels)
        );

        double ownError = 0,
            theirError = 0;
        for (var n = 0; n < 2; n++)
        {
            var expected = RandomEncoders.Embed(weights, patches.AsSpan(n * 3 * 128 * 128, 3 * 128 * 128));
            for (var c = 0; c < weights.Channels; c++)
            {
                ownError = Math.Max(ownError, Math.Abs(expected[c] - own[(n * weights.Channels) + c]));
                theirError = Math.Max(theirError, Math.Abs(expected[c] - theirs[(n * weights.Channels) + c]));
            }
        }

        Assert.InRange(ownError, 0, 4 * theirError);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void An_embedding_does_not_depend_on_its_batch_nor_on_threads(int threads)
    {
        const int Count = 37;
        var random = new Random(3);
        var weights = RandomEncoders.Weights(random, 64, 1, filters: [64, 40, 32]);
        var patches = RandomEncoders.Patches(random, Count, 64);
        using var encoder = Of(weights, threads);
        var (together, alone) = (new float[Count * weights.Channels], new float[weights.Channels]);

        encoder.Encode(patches, Count, together);

        for (var n = 0; n < Count; n++)
        {
            encoder.Encode(patches.AsMemory(n * 3 * 64 * 64, 3 * 64 * 64), 1, alone);
            Assert.Equal(alone, together.AsSpan(n * weights.Channels, weights.Channels));
        }
    }

    [Fact]
    public void Many_threads_may_encode_at_once()
    {
        var random = new Random(5);
        var weights = RandomEncoders.Weights(random, 32, 2, filters: [20, 30]);
        var patches = RandomEncoders.Patches(random, 16, 16);
        using var encoder = Of(weights);
        var expected = new float[16 * weights.Channels];
        encoder.EncodePooled(patches, 16, expected);

        Parallel.For(
            0,
            64,
            i =>
            {
                var (count, embeddings) = ((i % 16) + 1, new float[16 * weights.Channels]);
                encoder.EncodePooled(patches.AsMemory(0, count * 3 * 16 * 16), count, embeddings);
                Assert.Equal(expected[..(count * weights.Channels)], embeddings[..(count * weights.Channels)]);
            }
        );
    }

    [Fact]
    public void The_catalogue_opens_chains_in_own_code_and_other_networks_with_onnx_runtime()
    {
        using var folder = new TemporaryFolder();
        var weights = RandomEncoders.Weights(new Random(1));
        OnnxEncoderFile.Write(folder["chain.onnx"], weights, RandomEncoders.Info(weights));
        var padded = OnnxEncoderFile.Parse("", File.ReadAllBytes(folder["chain.onnx"]));
        padded.Graph.Node.First(node => node.OpType is "LeakyRelu").OpType = "Elu";
        OnnxEncoderFile.Write(folder["other.onnx"], padded);
        var mean = EncoderWeights.MeanRgb(8);
        OnnxEncoderFile.Write(folder["mean.onnx"], mean, RandomEncoders.Info(mean));

        using var chain = EncoderCatalog.Open(folder["chain.onnx"], 1);
        using var other = EncoderCatalog.Open(folder["other.onnx"], 1);
        using var colours = EncoderCatalog.Open(folder["mean.onnx"], 1);

        Assert.IsType<KernelEncoder>(chain);
        Assert.IsType<OnnxEncoder>(other);
        Assert.IsType<OnnxEncoder>(colours);
        Assert.Equal(2, chain.Pool);
    }

    [Theory]
    [InlineData("padded")]
    [InlineData("dilated")]
    [InlineData("in groups")]
    [InlineData("padded by name")]
    [InlineData("of uneven strides")]
    [InlineData("of other weights")]
    public void A_convolution_that_is_not_understood_is_left_to_onnx_runtime(string what)
    {
        var model = OnnxGraphs.Model(RandomEncoders.Weights(new Random(1), 32, 1));
        Assert.NotNull(LayerChain.Of(model, 32));
        Assert.Null(LayerChain.Of(model, 31));
        var node = model.Graph.Node.First(node => node.OpType is "Conv");
        switch (what)
        {
            case "padded":
                node.Attribute.Add(OnnxGraphs.Ints("pads", 1, 1, 1, 1));
                break;
            case "dilated":
                node.Attribute.Add(OnnxGraphs.Ints("dilations", 2, 2));
                break;
            case "in groups":
                node.Attribute.Add(OnnxGraphs.Int("group", 3));
                break;
            case "padded by name":
                node.Attribute.Add(OnnxGraphs.Int("auto_pad", 1));
                break;
            case "of uneven strides":
                node.Attribute.Single(attribute => attribute.Name is "strides").Ints[0] = 1;
                break;
            default:
                node.Input[1] = "nowhere";
                break;
        }

        Assert.Null(LayerChain.Of(model, 32));
    }

    private static KernelEncoder Of(EncoderWeights weights, int threads = 1)
    {
        var model = OnnxGraphs.Model(weights);
        var pool = FirstPooling.Remove(model);
        var encoder = KernelEncoder.Of(model, RandomEncoders.Info(weights), pool, threads);
        Assert.NotNull(encoder);
        return encoder;
    }

    private static OnnxEncoder OnnxOf(EncoderWeights weights)
    {
        var model = OnnxGraphs.Model(weights);
        var pool = FirstPooling.Remove(model);
        return OnnxEncoder.Of("random", RandomEncoders.Info(weights), pool, model, 1, "cpu");
    }

    private static float[] Encode(IPatchEncoder encoder, float[] patches, int count, int channels)
    {
        using var closed = encoder;
        var embeddings = new float[count * channels];
        encoder.Encode(patches, count, embeddings);
        return embeddings;
    }
}
