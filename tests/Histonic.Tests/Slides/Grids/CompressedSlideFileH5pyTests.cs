using System.Diagnostics;
using System.Text.Json;
using Histonic.Slides.Grids;
using Histonic.Tests.Support;

namespace Histonic.Tests.Slides.Grids;

/// <summary>What others see: the file through HDF5's own library, by h5py.</summary>
public sealed class CompressedSlideFileH5pyTests
{
    private const string Python = "/usr/bin/python3";

    [Theory]
    [InlineData(17, FeaturePrecision.Bits16, true)]
    [InlineData(17, FeaturePrecision.Bits32, false)]
    [InlineData(0, FeaturePrecision.Bits16, true)]
    [InlineData(0, FeaturePrecision.Bits32, false)]
    public async Task H5py_reads_what_was_written(int patches, FeaturePrecision precision, bool symmetries)
    {
        using var folder = new TemporaryFolder();
        var slide = CompressedSlideFileTests.Some(patches, 3, symmetries, seed: 11);
        CompressedSlideFile.Write(folder["a.h5"], slide, precision, new DateTimeOffset(2026, 11, 23, 8, 0, 0, default));

        using var json = JsonDocument.Parse(await ReadAsync(folder["a.h5"]));
        var seen = json.RootElement;

        Assert.Equal(precision == FeaturePrecision.Bits16 ? "float16" : "float32", Text("types", "features"));
        Assert.Equal("int64", Text("types", "coords"));
        Assert.Equal("int32", Text("types", "grid"));
        Assert.Equal("float32", Text("types", "tissue"));
        Assert.Equal([patches, 3], Shape("features"));
        Assert.Equal([patches, 2], Shape("coords"));
        Assert.Equal([5, 8], Shape("tissue"));
        if (symmetries)
            Assert.Equal([8, patches, 3], Shape("features_d4"));
        Assert.Equal(slide.Features, Numbers("features"));
        Assert.Equal(
            slide.Cells.SelectMany(cell => new float[] { cell.Column * 256, cell.Row * 256 }),
            Numbers("coords")
        );
        Assert.Equal(slide.Cells.SelectMany(cell => new float[] { cell.Row, cell.Column }), Numbers("grid"));
        if (symmetries)
            Assert.Equal(slide.FeaturesD4!.Skip(7 * patches * 3), Numbers("last_d4"));
        Assert.Equal("Präparat 7", Text("root", "slide"));
        Assert.Equal("2026-11-23T08:00:00Z", Text("root", "created_utc"));
        Assert.Equal(0.5, seen.GetProperty("root").GetProperty("mpp").GetDouble());
        var attributes = seen.GetProperty("coords_attributes");
        Assert.Equal("256", attributes.GetProperty("patch_size_level0").GetRawText());
        Assert.Equal("40", attributes.GetProperty("level0_magnification").GetRawText());
        Assert.Equal("20", attributes.GetProperty("target_magnification").GetRawText());
        Assert.Equal("[2.0, 2.0]", attributes.GetProperty("downsample").GetRawText());
        Assert.Equal("0", attributes.GetProperty("overlap").GetRawText());

        string? Text(string group, string name) => seen.GetProperty(group).GetProperty(name).GetString();
        int[] Shape(string name) =>
            [.. seen.GetProperty("shapes").GetProperty(name).EnumerateArray().Select(side => side.GetInt32())];
        float[] Numbers(string name) =>
            [
                .. seen.GetProperty(name)
                    .EnumerateArray()
                    .SelectMany(row => row.EnumerateArray())
                    .Select(v => v.GetSingle()),
            ];
    }

    private static async Task<string> ReadAsync(string path)
    {
        Assert.SkipUnless(File.Exists(Python), $"needs {Python} with h5py");
        var script = Path.Combine(AppContext.BaseDirectory, "golden", "read_compressed_slide.py");
        var start = new ProcessStartInfo(Python, [script, path])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var text = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        var told = await errors;
        Assert.SkipWhen(told.Contains("No module named 'h5py'", StringComparison.Ordinal), "needs h5py");
        Assert.True(process.ExitCode == 0, told);
        return text;
    }
}
