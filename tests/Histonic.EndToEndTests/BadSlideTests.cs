using NetVips;

namespace Histonic.EndToEndTests;

/// <summary>Bad slides get a clear error, exit code 2 and nothing lost.</summary>
public sealed class BadSlideTests
{
    [Theory]
    [InlineData("missing")]
    [InlineData("empty")]
    [InlineData("truncated")]
    [InlineData("not an image")]
    [InlineData("without mpp")]
    public async Task A_slide_at_fault_is_named_and_leaves_no_file(string fault)
    {
        using var folder = new TemporaryFolder();
        var slide = folder["slide.tif"];
        Make(slide, fault);

        var (exit, _, messages) = await HistonicProcess.RunAsync(
            "compress",
            slide,
            "--encoder",
            "histonic-synth",
            "--out",
            folder["features"]
        );

        Assert.Equal(2, exit);
        Assert.Contains("slide.tif", messages, StringComparison.Ordinal);
        Assert.DoesNotContain("   at Histonic", messages, StringComparison.Ordinal); // no stack trace
        Assert.Empty(Directory.Exists(folder["features"]) ? Directory.GetFiles(folder["features"], "*.h5*") : []);
        if (string.Equals(fault, "without mpp", StringComparison.Ordinal))
            Assert.Contains("--mpp-override", messages, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_bad_slide_does_not_stop_the_others()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["slides"]);
        Make(folder["slides/bad.tif"], "truncated");
        Make(folder["slides/good.tif"], "none");

        var (exit, _, messages) = await HistonicProcess.RunAsync(
            "compress",
            folder["slides"],
            "--encoder",
            "histonic-synth",
            "--out",
            folder["features"]
        );

        Assert.True(exit == 3, messages);
        Assert.True(File.Exists(folder["features/good.h5"]));
        Assert.False(File.Exists(folder["features/bad.h5"]));
        var failures = await File.ReadAllTextAsync(
            folder["features/failures.csv"],
            TestContext.Current.CancellationToken
        );
        Assert.Contains("bad", failures, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_output_folder_that_cannot_be_made_is_named()
    {
        using var folder = new TemporaryFolder();
        Make(folder["slide.tif"], "none");
        await File.WriteAllTextAsync(folder["taken"], "a file", TestContext.Current.CancellationToken);

        var (exit, _, messages) = await HistonicProcess.RunAsync(
            "compress",
            folder["slide.tif"],
            "--encoder",
            "histonic-synth",
            "--out",
            folder["taken/features"]
        );

        Assert.Equal(2, exit);
        Assert.Contains("taken", messages, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_encoder_that_is_none_is_named_with_those_there_are()
    {
        using var folder = new TemporaryFolder();
        Make(folder["slide.tif"], "none");

        var (exit, _, messages) = await HistonicProcess.RunAsync(
            "compress",
            folder["slide.tif"],
            "--encoder",
            "nobody",
            "--out",
            folder["features"]
        );

        Assert.Equal(2, exit);
        Assert.Contains("histonic-synth", messages, StringComparison.Ordinal);
    }

    private static void Make(string path, string fault)
    {
        switch (fault)
        {
            case "missing":
                return;
            case "empty":
                File.WriteAllBytes(path, []);
                return;
            case "not an image":
                File.WriteAllText(path, "slide,label\na,1\n");
                return;
        }

        // a pink square on glass, 512 px at 0.5 µm/px
        using var glass = Image.Black(512, 512, bands: 3) + new double[] { 240, 240, 242 };
        using var tissue = Image.Black(320, 320, bands: 3) + new double[] { 200, 120, 170 };
        using var slide = glass.Insert(tissue, 96, 96).Cast(Enums.BandFormat.Uchar);
        var pixelsPerMillimetre = string.Equals(fault, "without mpp", StringComparison.Ordinal) ? 1.0 : 2000.0;
        slide.Tiffsave(
            path,
            compression: Enums.ForeignTiffCompression.Jpeg,
            tile: true,
            tileWidth: 256,
            tileHeight: 256,
            pyramid: true,
            xres: pixelsPerMillimetre,
            yres: pixelsPerMillimetre
        );
        if (!string.Equals(fault, "truncated", StringComparison.Ordinal))
            return;
        using var file = File.OpenWrite(path);
        file.SetLength(file.Length / 2);
    }
}
