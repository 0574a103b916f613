using Histonic.Learning.Encoders;
using Histonic.Learning.Encoders.Import;
using Histonic.Learning.Encoders.Onnx;
using Histonic.Slides;
using Histonic.Tests.Support;

namespace Histonic.Tests.Learning.Encoders.Import;

public sealed class EncoderImportTests
{
    private static readonly EncoderWeights _weights = RandomEncoders.Weights(new Random(5));

    [Theory]
    [InlineData("multitask-4", 128)]
    [InlineData("bigan", 128)]
    [InlineData("mean-rgb", 3)]
    public void A_published_encoder_becomes_a_file_that_runs(string name, int channels)
    {
        using var folder = new TemporaryFolder();
        var source = RealData.Path($"nic-reference/encoder_{name}.h5");

        var info = EncoderImport.Import(source, folder["e.onnx"], new EncoderImportOptions { Licence = "MIT" });

        Assert.Equal((name, 128, 0.5, channels), (info.Name, info.PatchSize, info.PixelSize.Value, info.Channels));
        Assert.Equal("MIT", info.Licence);
        using var encoder = OnnxEncoder.Open(folder["e.onnx"], 1);
        var embedding = new float[channels];
        encoder.Encode(new float[3 * 128 * 128], 1, embedding);
        Assert.All(embedding, number => Assert.True(float.IsFinite(number)));
    }

    [Fact]
    public void A_foreign_network_runs_under_our_names_whatever_its_own_are()
    {
        using var folder = new TemporaryFolder();
        // its input bears the name of our output, and the other way round
        WriteForeign(folder["f.onnx"], input: "embedding", output: "x");
        var patches = RandomEncoders.Patches(new Random(2), 2, 32);

        var info = EncoderImport.Import(
            folder["f.onnx"],
            folder["e.onnx"],
            new EncoderImportOptions { PixelSize = new Microns(0.25), PatchSize = 32 }
        );

        Assert.Equal(("f", 32, 0.25, 6), (info.Name, info.PatchSize, info.PixelSize.Value, info.Channels));
        AssertEmbeds(folder["e.onnx"], patches, patches);
    }

    [Theory]
    [InlineData(PixelRange.ZeroToOne)]
    [InlineData(PixelRange.ImageNet)]
    public void A_foreign_network_gets_its_pixels_in_its_own_range(PixelRange range)
    {
        using var folder = new TemporaryFolder();
        WriteForeign(folder["f.onnx"], "input", "output");
        var patches = RandomEncoders.Patches(new Random(2), 2, 32);

        EncoderImport.Import(
            folder["f.onnx"],
            folder["e.onnx"],
            new EncoderImportOptions { PixelSize = new Microns(0.5), Range = range }
        );

        // the published means and deviations of ImageNet
        double[] means = [0.485, 0.456, 0.406],
            deviations = [0.229, 0.224, 0.225];
        var seen = new float[patches.Length];
        for (var i = 0; i < seen.Length; i++)
        {
            var (unit, colour) = ((patches[i] + 1) / 2, i / 32 / 32 % 3);
            seen[i] = (float)(range == PixelRange.ZeroToOne ? unit : (unit - means[colour]) / deviations[colour]);
        }

        AssertEmbeds(folder["e.onnx"], patches, seen);
    }

    [Fact]
    public void A_foreign_network_needs_its_pixel_size()
    {
        using var folder = new TemporaryFolder();
        WriteForeign(folder["f.onnx"], "input", "output");

        var error = Assert.Throws<OptionException>(() =>
            EncoderImport.Import(folder["f.onnx"], folder["e.onnx"], new EncoderImportOptions())
        );

        Assert.Contains("--mpp", error.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(folder["e.onnx"]));
    }

    [Fact]
    public void A_patch_size_that_is_not_the_networks_is_refused()
    {
        using var folder = new TemporaryFolder();
        WriteForeign(folder["f.onnx"], "input", "output");

        var error = Assert.Throws<InputException>(() =>
            EncoderImport.Import(
                folder["f.onnx"],
                folder["e.onnx"],
                new EncoderImportOptions { PixelSize = new Microns(0.5), PatchSize = 64 }
            )
        );

        Assert.Contains("takes patches of 32 pixels, not 64", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, 3, "batches of 1 only")]
    [InlineData(null, 4, "instead of n × 3 × P × P")]
    public void A_network_of_another_input_is_refused(int? batch, int colours, string finding)
    {
        using var folder = new TemporaryFolder();
        var model = OnnxGraphs.Model(EncoderWeights.MeanRgb(32));
        model.Graph.Input[0] = OnnxGraphs.Value("x", batch, colours, 32, 32);
        model.Graph.Output[0] = OnnxGraphs.Value("embedding", batch, colours);
        OnnxEncoderFile.Write(folder["f.onnx"], model);

        var error = Assert.Throws<InputException>(() =>
            EncoderImport.Import(
                folder["f.onnx"],
                folder["e.onnx"],
                new EncoderImportOptions { PixelSize = new Microns(0.5) }
            )
        );

        Assert.Contains(finding, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_network_that_gives_maps_instead_of_vectors_is_refused()
    {
        using var folder = new TemporaryFolder();
        var model = OnnxGraphs.Model(_weights);
        model.Graph.Node.RemoveAt(model.Graph.Node.Count - 1);
        model.Graph.Node.RemoveAt(model.Graph.Node.Count - 1); // without the flattening and the dense layer
        model.Graph.Output[0] = OnnxGraphs.Value(model.Graph.Node[^1].Output[0], null, 5, null, null);
        OnnxEncoderFile.Write(folder["f.onnx"], model);

        var error = Assert.Throws<InputException>(() =>
            EncoderImport.Import(
                folder["f.onnx"],
                folder["e.onnx"],
                new EncoderImportOptions { PixelSize = new Microns(0.5) }
            )
        );

        Assert.Contains("instead of one vector each", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_of_ours_keeps_what_it_says_unless_told_otherwise()
    {
        using var folder = new TemporaryFolder();
        OnnxEncoderFile.Write(
            folder["a.onnx"],
            _weights,
            RandomEncoders.Info(_weights, "first") with
            {
                Objective = "mtl",
                Seed = 4,
            }
        );

        var info = EncoderImport.Import(
            folder["a.onnx"],
            folder["b.onnx"],
            new EncoderImportOptions { Licence = "CC0-1.0" }
        );

        Assert.Equal(("first", "mtl", 4, "CC0-1.0"), (info.Name, info.Objective, info.Seed, info.Licence));
    }

    [Theory]
    [InlineData("weights.pt")]
    [InlineData("model.keras")]
    public void Other_kinds_of_files_are_refused(string name) =>
        Assert.Throws<InputException>(() => EncoderImport.Import(name, "e.onnx", new EncoderImportOptions()));

    [Fact]
    public void An_unknown_encoder_is_told_the_known_ones()
    {
        var error = Assert.Throws<InputException>(() => EncoderCatalog.Open("nobody", 1));

        Assert.Equal("nobody", error.Subject);
        Assert.All(EncoderCatalog.Names, name => Assert.Contains(name, error.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_built_in_encoder_runs_under_its_name()
    {
        foreach (var name in EncoderCatalog.Names)
        {
            using var encoder = EncoderCatalog.Open(name, 1);
            var embedding = new float[encoder.Info.Channels];
            encoder.Encode(new float[3 * encoder.Info.PatchSize * encoder.Info.PatchSize], 1, embedding);
            Assert.Equal(name, encoder.Info.Name);
            Assert.All(embedding, number => Assert.True(float.IsFinite(number)));
        }
    }

    private static void WriteForeign(string path, string input, string output)
    {
        var model = OnnxGraphs.Model(_weights);
        foreach (var node in model.Graph.Node)
        {
            for (var i = 0; i < node.Input.Count; i++)
                node.Input[i] = node.Input[i] is "x" ? input : node.Input[i];
            for (var i = 0; i < node.Output.Count; i++)
                node.Output[i] = node.Output[i] is "embedding" ? output : node.Output[i];
        }

        (model.Graph.Input[0].Name, model.Graph.Output[0].Name) = (input, output);
        OnnxEncoderFile.Write(path, model);
    }

    /// <summary>The file embeds some patches as the network embeds what it is to see of them.</summary>
    private static void AssertEmbeds(string path, float[] patches, float[] seen)
    {
        using var encoder = OnnxEncoder.Open(path, 1);
        var embeddings = new float[2 * 6];
        encoder.Encode(patches, 2, embeddings);
        for (var n = 0; n < 2; n++)
        {
            var expected = RandomEncoders.Embed(_weights, seen.AsSpan(n * 3072, 3072));
            for (var c = 0; c < 6; c++)
                Assert.Equal(expected[c], embeddings[(n * 6) + c], 1e-3);
        }
    }
}
