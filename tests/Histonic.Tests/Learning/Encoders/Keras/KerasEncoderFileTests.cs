using System.Text.Json;
using Histonic.Learning.Encoders;
using Histonic.Learning.Encoders.Keras;
using Histonic.Slides;
using Histonic.Slides.Reading;
using Histonic.Tests.Support;

namespace Histonic.Tests.Learning.Encoders.Keras;

public sealed class KerasEncoderFileTests
{
    [Theory]
    [InlineData("multitask-4")]
    [InlineData("bigan")]
    public void The_published_encoders_have_the_papers_layers(string name)
    {
        var weights = KerasEncoderFile.Read(RealData.Path($"nic-reference/encoder_{name}.h5"));

        Assert.Equal((128, 2, 0.2, 128), (weights.PatchSize, weights.Pool, weights.LeakySlope, weights.Channels));
        Assert.Equal([3, 128, 128, 128], weights.Convolutions.Select(layer => layer.Inputs));
        Assert.All(
            weights.Convolutions,
            layer => Assert.Equal((128, 3, 2), (layer.Filters, layer.KernelSize, layer.Stride))
        );
        Assert.All(weights.Convolutions, layer => Assert.Equal(1e-3, layer.Norm!.Epsilon, 1e-12));
        var numbers = weights.Convolutions.Sum(layer => layer.Kernel.Length + layer.Bias.Length + (4 * layer.Filters));
        Assert.Equal(595_968, numbers + weights.Dense[0].Kernel.Length + weights.Dense[0].Bias.Length);
    }

    // The reference values were computed in double precision, independently of any framework (data/README.md).
    [Theory]
    [InlineData("multitask-4")]
    [InlineData("bigan")]
    public void Every_reference_embedding_of_the_slide_is_met(string name)
    {
        using var slide = SlideReader.Open(RealData.Path("slides/CMU-1-Small-Region.svs"));
        foreach (var (place, expected) in References(name, "CMU-1-Small-Region.svs"))
        {
            var corner = place.Split(',').Select(int.Parse).ToArray();
            var rgb = new byte[128 * 128 * 3];
            slide.ReadRegion(0, corner[0], corner[1], 128, 128, rgb);

            Assert.InRange(LargestDeviation(expected, Embed(name, rgb)), 0, 1e-5);
        }
    }

    [Theory]
    [InlineData("multitask-4")]
    [InlineData("bigan")]
    public void The_reference_embedding_of_the_example_patch_is_met(string name)
    {
        var picture = PictureFile.Read(RealData.Path("nic-reference/example_128.jpg"));
        var expected = References(name, null).Single().Expected;

        Assert.InRange(LargestDeviation(expected, Embed(name, picture.Pixels)), 0, 1e-3);
    }

    [Fact]
    public void Mean_rgb_has_three_numbers_and_no_layers()
    {
        var weights = KerasEncoderFile.Read(RealData.Path("nic-reference/encoder_mean-rgb.h5"));

        Assert.Equal((3, 0), (weights.Channels, weights.Convolutions.Count));
        Assert.Empty(weights.Dense);
    }

    [Fact]
    public void A_patch_size_that_the_input_does_not_divide_is_refused()
    {
        var error = Assert.Throws<InputException>(() =>
            KerasEncoderFile.Read(RealData.Path("nic-reference/encoder_bigan.h5"), patchSize: 100)
        );
        Assert.Contains("64 pixels does not divide", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.01)]
    [InlineData(0.3)]
    [InlineData(0.7)]
    [InlineData(0.99)]
    public void A_truncated_file_is_refused(double share)
    {
        using var folder = new TemporaryFolder();
        var bytes = File.ReadAllBytes(RealData.Path("nic-reference/encoder_multitask-4.h5"));
        File.WriteAllBytes(folder["cut.h5"], bytes[..(int)(bytes.Length * share)]);

        var error = Assert.Throws<InputException>(() => KerasEncoderFile.Read(folder["cut.h5"]));

        Assert.Equal(folder["cut.h5"], error.Subject);
    }

    [Theory]
    [InlineData("")]
    [InlineData("these are words and not HDF5; there is nothing to read in them")]
    public void A_file_that_is_no_hdf5_is_refused(string content)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["words.h5"], content);

        Assert.Throws<InputException>(() => KerasEncoderFile.Read(folder["words.h5"]));
    }

    [Fact]
    public void An_hdf5_file_of_another_kind_is_refused()
    {
        using var folder = new TemporaryFolder();
        new PureHDF.H5File { ["features"] = new float[] { 1, 2 } }.Write(folder["features.h5"]);

        var error = Assert.Throws<InputException>(() => KerasEncoderFile.Read(folder["features.h5"]));

        Assert.Contains("model_config", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_layer_of_another_kind_is_named()
    {
        using var folder = new TemporaryFolder();
        const string Config = """
            {"class_name": "Sequential", "config": [
              {"class_name": "Lambda", "config": {"name": "trick", "batch_input_shape": [null, 64, 64, 3]}}]}
            """;
        new PureHDF.H5File { Attributes = new() { ["model_config"] = Config } }.Write(folder["lambda.h5"]);

        var error = Assert.Throws<InputException>(() => KerasEncoderFile.Read(folder["lambda.h5"]));

        Assert.Contains("trick is a Lambda", error.Message, StringComparison.Ordinal);
    }

    private static IEnumerable<(string Place, double[] Expected)> References(string encoder, string? slide)
    {
        using var json = JsonDocument.Parse(File.ReadAllText(RealData.Path("nic-reference/embeddings.json")));
        var entry = json.RootElement.GetProperty(encoder);
        double[] Numbers(JsonElement list) => [.. list.EnumerateArray().Select(number => number.GetDouble())];
        return slide is null
            ? [("", Numbers(entry.GetProperty("example_128.jpg")))]
            : [.. entry.GetProperty(slide).EnumerateObject().Select(patch => (patch.Name, Numbers(patch.Value)))];
    }

    private static float[] Embed(string name, byte[] rgb)
    {
        using var folder = new TemporaryFolder();
        var weights = KerasEncoderFile.Read(RealData.Path($"nic-reference/encoder_{name}.h5"));
        OnnxEncoderFile.Write(folder["e.onnx"], weights, RandomEncoders.Info(weights, name));
        using var encoder = OnnxEncoder.Open(folder["e.onnx"], 1);
        var planes = new float[rgb.Length];
        PatchPlanes.Write(rgb, 128, planes);
        var embedding = new float[weights.Channels];
        encoder.Encode(planes, 1, embedding);
        return embedding;
    }

    private static double LargestDeviation(double[] expected, float[] actual) =>
        expected.Zip(actual, (e, a) => Math.Abs(e - a)).Max();
}
