using System.Text;

namespace Histonic.EndToEndTests;

/// <summary>The main job on real input: the published encoder, a real slide, the grid as the papers' tools read it.</summary>
public sealed class RealSlideTests
{
    [Fact]
    public async Task The_published_encoder_compresses_a_real_slide_to_23_rows_and_17_columns()
    {
        var keras = RealData.Path("nic-reference/encoder_multitask-4.h5");
        var slide = RealData.Path("slides/CMU-1-Small-Region.svs");
        using var folder = new TemporaryFolder();
        var encoder = folder["multitask-4.onnx"];

        await HistonicProcess.SucceedAsync("encoder", "import", keras, "--out", encoder);
        await HistonicProcess.SucceedAsync("compress", slide, "--encoder", encoder, "--out", folder["features"]);
        await HistonicProcess.SucceedAsync(
            "convert",
            folder["features/CMU-1-Small-Region.h5"],
            "--to",
            "npy",
            "--out",
            folder["npy"]
        );

        var npy = await File.ReadAllBytesAsync(
            folder["npy/CMU-1-Small-Region.npy"],
            TestContext.Current.CancellationToken
        );
        var header = Encoding.ASCII.GetString(npy, 10, BitConverter.ToUInt16(npy, 8));
        Assert.Contains("'<f2'", header, StringComparison.Ordinal);
        Assert.Contains("(128, 23, 17)", header, StringComparison.Ordinal);
        Assert.Equal(128 * 23 * 17 * sizeof(short), npy.Length - 10 - header.Length);
    }

    [Fact]
    public async Task Compressing_again_leaves_a_whole_file_alone()
    {
        var keras = RealData.Path("nic-reference/encoder_mean-rgb.h5");
        var slide = RealData.Path("slides/CMU-1-Small-Region.svs");
        using var folder = new TemporaryFolder();
        var encoder = folder["mean-rgb.onnx"];
        await HistonicProcess.SucceedAsync("encoder", "import", keras, "--out", encoder);
        string[] compress = ["compress", slide, "--encoder", encoder, "--out", folder["features"]];
        await HistonicProcess.SucceedAsync(compress);
        var before = File.GetLastWriteTimeUtc(folder["features/CMU-1-Small-Region.h5"]);

        await HistonicProcess.SucceedAsync(compress);

        Assert.Equal(before, File.GetLastWriteTimeUtc(folder["features/CMU-1-Small-Region.h5"]));
    }
}
