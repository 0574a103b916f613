using CsCheck;
using Histonic.Learning.Encoders;
using Histonic.Slides;
using Histonic.Tests.Support;

namespace Histonic.Tests.Learning.Encoders;

public sealed class OnnxEncoderTests
{
    [Fact]
    public void The_folded_network_gives_what_the_papers_formula_gives() =>
        Gen.Select(Gen.Int[1, 1_000_000], Gen.Int[1, 2], Gen.Bool, Gen.Int[0, 1].Select(one => 7 * one))
            .Sample(
                (seed, pool, norms, hidden) =>
                {
                    var random = new Random(seed);
                    var weights = RandomEncoders.Weights(random, 32, pool, norms, hidden);
                    var patches = RandomEncoders.Patches(random, 3, 32);

                    var embeddings = Encode(weights, patches, 3);

                    for (var n = 0; n < 3; n++)
                    {
                        var expected = RandomEncoders.Embed(weights, patches.AsSpan(n * 3 * 32 * 32, 3 * 32 * 32));
                        for (var c = 0; c < weights.Channels; c++)
                            Assert.Equal(expected[c], embeddings[(n * weights.Channels) + c], 1e-3);
                    }
                },
                iter: 20,
                threads: 1
            );

    [Fact]
    public void A_large_batch_gives_what_single_patches_give()
    {
        const int Count = OnnxEncoder.LargestRun + 5;
        var random = new Random(3);
        var weights = RandomEncoders.Weights(random, 16, pool: 1);
        var patches = RandomEncoders.Patches(random, Count, 16);

        var together = Encode(weights, patches, Count);

        for (var n = 0; n < Count; n += 17)
        {
            var alone = Encode(weights, patches.AsSpan(n * 768, 768).ToArray(), 1);
            for (var c = 0; c < weights.Channels; c++)
                Assert.Equal(alone[c], together[(n * weights.Channels) + c], 1e-5);
        }
    }

    [Fact]
    public void Mean_rgb_is_the_mean_of_every_colour()
    {
        var patch = new float[3 * 8 * 8];
        patch.AsSpan(0, 32).Fill(1);
        patch.AsSpan(64, 64).Fill(-0.5f);

        Assert.Equal([0.5f, -0.5f, 0f], Encode(EncoderWeights.MeanRgb(8), patch, 1));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void The_first_pooling_is_left_to_the_caller(int pool)
    {
        using var folder = new TemporaryFolder();
        var random = new Random(4);
        var weights = RandomEncoders.Weights(random, 32, pool);
        OnnxEncoderFile.Write(folder["e.onnx"], weights, RandomEncoders.Info(weights));
        var patches = RandomEncoders.Patches(random, 3, 32);
        using var encoder = OnnxEncoder.Open(folder["e.onnx"], 1);
        var (whole, pooled) = (new float[3 * weights.Channels], new float[3 * weights.Channels]);
        var means = new float[patches.Length / (pool * pool)];
        PatchPlanes.Pool(patches, 32, pool, means);

        encoder.Encode(patches, 3, whole);
        encoder.EncodePooled(means, 3, pooled);

        Assert.Equal(pool, encoder.Pool);
        Assert.Equal(whole, pooled);
    }

    [Fact]
    public void A_file_says_what_it_was_written_with()
    {
        using var folder = new TemporaryFolder();
        var weights = RandomEncoders.Weights(new Random(1));
        var info = RandomEncoders.Info(weights, "mtl-2") with
        {
            PixelSize = new Microns(0.25),
            Objective = "mtl",
            Tasks = new Dictionary<string, IReadOnlyList<string>>
            {
                ["tissue"] = ["fat", "muscle"],
                ["mitosis"] = ["normal", "mitosis"],
            },
            TrainingData = "synthetic patches, \"seed 7\"",
            Licence = "MIT",
            Seed = 7,
            CodeVersion = "0.1.0",
        };

        OnnxEncoderFile.Write(folder["e.onnx"], weights, info);
        var read = OnnxEncoderFile.ReadInfo(folder["e.onnx"]);

        Assert.Equal(info.Tasks["tissue"], read.Tasks["tissue"]);
        Assert.Equal(info.Tasks["mitosis"], read.Tasks["mitosis"]);
        Assert.Equal(64, read.Sha256.Length);
        Assert.Equal(info, read with { Tasks = info.Tasks, Sha256 = "" });
        using var encoder = OnnxEncoder.Open(folder["e.onnx"], 1);
        Assert.Equal(read.Sha256, encoder.Info.Sha256);
    }

    [Fact]
    public void The_same_weights_give_the_same_bytes()
    {
        using var folder = new TemporaryFolder();
        var weights = RandomEncoders.Weights(new Random(1));
        OnnxEncoderFile.Write(folder["a.onnx"], weights, RandomEncoders.Info(weights));
        OnnxEncoderFile.Write(folder["b.onnx"], weights, RandomEncoders.Info(weights));

        Assert.Equal(File.ReadAllBytes(folder["a.onnx"]), File.ReadAllBytes(folder["b.onnx"]));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.1)]
    [InlineData(0.5)]
    [InlineData(0.9)]
    [InlineData(0.999)]
    public void A_truncated_file_is_refused_with_its_name(double share)
    {
        using var folder = new TemporaryFolder();
        var weights = RandomEncoders.Weights(new Random(1));
        OnnxEncoderFile.Write(folder["whole.onnx"], weights, RandomEncoders.Info(weights));
        var bytes = File.ReadAllBytes(folder["whole.onnx"]);
        File.WriteAllBytes(folder["cut.onnx"], bytes[..(int)(bytes.Length * share)]);

        var error = Assert.Throws<InputException>(() => OnnxEncoder.Open(folder["cut.onnx"], 1));

        Assert.Equal(folder["cut.onnx"], error.Subject);
    }

    [Fact]
    public void A_text_file_is_refused()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["notes.onnx"], "not a network at all, only words");

        Assert.Throws<InputException>(() => OnnxEncoder.Open(folder["notes.onnx"], 1));
    }

    [Fact]
    public void A_missing_file_is_refused() =>
        Assert.Throws<InputException>(() => OnnxEncoder.Open("no-such-folder/no.onnx", 1));

    [Fact]
    public void A_file_that_lies_about_its_patches_is_refused()
    {
        using var folder = new TemporaryFolder();
        var weights = RandomEncoders.Weights(new Random(1));
        OnnxEncoderFile.Write(folder["e.onnx"], weights, RandomEncoders.Info(weights));
        var model = OnnxEncoderFile.Parse("", File.ReadAllBytes(folder["e.onnx"]));
        model.MetadataProps.Single(entry => entry.Key is "patch").Value = "64";
        OnnxEncoderFile.Write(folder["e.onnx"], model);

        var error = Assert.Throws<InputException>(() => OnnxEncoder.Open(folder["e.onnx"], 1));

        Assert.Contains("not what it says", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Cuda_that_is_not_there_is_said()
    {
        using var folder = new TemporaryFolder();
        var weights = RandomEncoders.Weights(new Random(1));
        OnnxEncoderFile.Write(folder["e.onnx"], weights, RandomEncoders.Info(weights));
        Assert.SkipWhen(
            Microsoft.ML.OnnxRuntime.OrtEnv.Instance().GetAvailableProviders().Contains("CUDAExecutionProvider"),
            "needs a machine without CUDA"
        );

        var error = Assert.Throws<OptionException>(() => OnnxEncoder.Open(folder["e.onnx"], 1, "cuda"));

        Assert.Contains("--device", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Weights_that_do_not_fit_each_other_are_named()
    {
        var weights = RandomEncoders.Weights(new Random(1));
        var broken = weights with { Convolutions = [weights.Convolutions[1]] };

        var error = Assert.Throws<InvalidOperationException>(() => broken.Validated());

        Assert.Contains("convolution 1", error.Message, StringComparison.Ordinal);
    }

    private static float[] Encode(EncoderWeights weights, float[] patches, int count)
    {
        using var folder = new TemporaryFolder();
        OnnxEncoderFile.Write(folder["e.onnx"], weights, RandomEncoders.Info(weights));
        using var encoder = OnnxEncoder.Open(folder["e.onnx"], 1);
        var embeddings = new float[count * weights.Channels];
        encoder.Encode(patches, count, embeddings);
        return embeddings;
    }
}
