using System.Text.Json;
using Histonic.Cli;
using Histonic.Slides.Cohorts;
using Histonic.Slides.Grids;
using Histonic.Tests.Slides.Grids;
using Histonic.Tests.Support;

namespace Histonic.Tests.Cli;

public sealed class SlideCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public SlideCommandTests()
    {
        TestSlides.WriteTiff(_folder["good.tif"], TestSlides.Pattern(300, 200), pyramid: true);
        File.WriteAllText(_folder["bad.tif"], "no slide at all");
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Info_tells_a_slide_as_json()
    {
        var (exit, results, _) = await CommandLineTests.Run($"info {_folder["good.tif"]} --json");

        Assert.Equal(ExitCode.Done, exit);
        using var json = JsonDocument.Parse(results);
        var slide = Assert.Single(json.RootElement.EnumerateArray());
        Assert.Equal(300, slide.GetProperty("width").GetInt32());
        Assert.Equal(0.5, slide.GetProperty("mpp").GetDouble(), 4);
        Assert.Equal("tiff-resolution", slide.GetProperty("mpp_source").GetString());
    }

    [Fact]
    public async Task Info_tells_a_compressed_slide_and_whether_it_is_whole()
    {
        await CommandLineTests.Run(
            $"compress {_folder["good.tif"]} --tissue none --encoder histonic-synth --out {_folder["features"]} --symmetries 8"
        );
        var file = _folder["features/good.h5"];

        var (exit, results, _) = await CommandLineTests.Run($"info {file}");
        var (_, text, _) = await CommandLineTests.Run($"info {file} --json");

        Assert.Equal(ExitCode.Done, exit);
        Assert.Contains("1 rows × 2 columns; 2 patches", results, StringComparison.Ordinal);
        Assert.Contains("8 symmetries", results, StringComparison.Ordinal);
        using var json = JsonDocument.Parse(text);
        var grid = Assert.Single(json.RootElement.EnumerateArray());
        Assert.Equal(300, grid.GetProperty("slide_width").GetInt32());
        Assert.Equal("histonic-synth", grid.GetProperty("encoder").GetString());

        File.WriteAllBytes(file, File.ReadAllBytes(file)[..^100]);
        (exit, _, var messages) = await CommandLineTests.Run($"info {file}");
        Assert.Equal(ExitCode.InputAtFault, exit);
        Assert.Contains("cut short", messages, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bad_slide_does_not_stop_the_rest_and_is_listed()
    {
        var (exit, results, messages) = await CommandLineTests.Run(
            $"tissue {_folder["bad.tif"]} {_folder["good.tif"]} --out {_folder["masks"]}"
        );

        Assert.Equal(ExitCode.DoneInPart, exit);
        Assert.Contains("good:", results, StringComparison.Ordinal);
        Assert.Contains("is no image", messages, StringComparison.Ordinal);
        Assert.Equal(
            ["failures.csv", "good.geojson", "good.png", "tissue.csv"],
            Directory.GetFiles(_folder["masks"]).Select(Path.GetFileName).Order(StringComparer.Ordinal)
        );
        var failure = Assert.Single(CsvTable.Read(_folder["masks/failures.csv"]).Rows);
        Assert.Equal([_folder["bad.tif"], "tissue"], failure.Fields.Take(2));

        // another slide says nothing about the one that failed
        (exit, _, _) = await CommandLineTests.Run($"tissue {_folder["good.tif"]} --out {_folder["masks"]}");
        Assert.Equal(ExitCode.Done, exit);
        Assert.True(File.Exists(_folder["masks/failures.csv"]));

        File.Copy(_folder["good.tif"], _folder["bad.tif"], overwrite: true);
        (exit, _, _) = await CommandLineTests.Run($"tissue {_folder["bad.tif"]} --out {_folder["masks"]}");
        Assert.Equal(ExitCode.Done, exit);
        Assert.False(File.Exists(_folder["masks/failures.csv"]));
    }

    [Fact]
    public async Task Patches_are_the_pixels_at_their_places_and_can_be_compressed_again()
    {
        var (exit, results, _) = await CommandLineTests.Run(
            $"patches {_folder["good.tif"]} {_folder["bad.tif"]} --out {_folder["patches"]} --patch 64 --stride 48 --tissue none"
        );

        Assert.Equal(ExitCode.DoneInPart, exit);
        Assert.Contains("good: 24 patches", results, StringComparison.Ordinal); // ⌊300 / 48⌋ × ⌊200 / 48⌋
        Assert.Equal(
            ["failures.csv", "good"],
            Directory.GetFileSystemEntries(_folder["patches"]).Select(Path.GetFileName).Order(StringComparer.Ordinal)
        );
        Assert.Equal(24, Directory.GetFiles(_folder["patches/good"]).Length);
        using var slide = Histonic.Slides.Reading.SlideReader.Open(_folder["good.tif"]);
        var expected = new byte[64 * 64 * 3];
        slide.ReadRegion(0, 96, 48, 64, 64, expected);
        var picture = Histonic.Slides.Reading.PictureFile.Read(_folder["patches/good/good_x96_y48.png"]);
        Assert.Equal((64, 64), (picture.Width, picture.Height));
        Assert.Equal(expected, picture.Pixels);

        // those that are there are left alone
        File.WriteAllText(_folder["patches/good/mine.txt"], "mine");
        (exit, results, _) = await CommandLineTests.Run(
            $"patches {_folder["good.tif"]} --out {_folder["patches"]} --patch 64 --tissue none"
        );
        Assert.Equal(ExitCode.Done, exit);
        Assert.Contains("skipped", results, StringComparison.Ordinal);
        Assert.True(File.Exists(_folder["patches/good/mine.txt"]));
    }

    [Fact]
    public async Task Masks_are_taken_from_a_folder_and_a_slide_without_one_is_named()
    {
        await CommandLineTests.Run($"tissue {_folder["good.tif"]} --out {_folder["masks"]} --tissue none");
        File.Copy(_folder["good.tif"], _folder["other.tif"]);

        var (exit, results, messages) = await CommandLineTests.Run(
            $"tissue {_folder["good.tif"]} {_folder["other.tif"]} --out {_folder["again"]} --masks {_folder["masks"]}"
        );

        Assert.Equal(ExitCode.DoneInPart, exit);
        Assert.Contains("good: 100.0 % tissue", results, StringComparison.Ordinal);
        Assert.Contains("other: has no mask", messages, StringComparison.Ordinal);
        Assert.Contains(",\"mask\"", await Text("again/tissue.csv"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tissue good.tif --out masks --tissue mask", "--masks")]
    [InlineData("tissue good.tif --out masks --tissue otsu --masks masks", "--tissue is otsu")]
    [InlineData("tissue good.tif --out masks --tissue hsv --hsv 1-2", "--hsv")]
    [InlineData("compress good.tif --out features --max-blur 0", "--max-blur")]
    public async Task Tissue_options_that_cannot_work_are_named(string line, string told)
    {
        var words = line.Split(' ').Select(word => word is "good.tif" or "masks" or "features" ? _folder[word] : word);

        var (exit, _, messages) = await CommandLineTests.Run(string.Join(' ', words));

        Assert.Equal(ExitCode.InputAtFault, exit);
        Assert.Contains(told, messages, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_slide_without_tissue_is_told()
    {
        var glass = TestSlides.Pattern(300, 200) with { Pixels = [.. Enumerable.Repeat((byte)240, 300 * 200 * 3)] };
        TestSlides.WriteTiff(_folder["glass.tif"], glass);

        var (exit, _, messages) = await CommandLineTests.Run($"tissue {_folder["glass.tif"]} --out {_folder["masks"]}");

        Assert.Equal(ExitCode.Done, exit);
        Assert.Contains("no tissue was found", messages, StringComparison.Ordinal);
        Assert.Contains("glass,0,", await Text("masks/tissue.csv"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("info bad.tif", "is no image")]
    [InlineData("info none.tif", "does not exist")]
    [InlineData("info good.tif --mpp-override 0", "0.05")]
    [InlineData("tissue good.tif --out bad.tif/masks", "bad.tif")]
    [InlineData("convert good.tif --to npy --out grids", "is neither HDF5 nor npy")]
    public async Task An_input_at_fault_is_exit_code_2_with_what_is_wrong(string line, string told)
    {
        var words = line.Split(' ')
            .Select(word =>
                word.Contains('.', StringComparison.Ordinal) || string.Equals(word, "grids", StringComparison.Ordinal)
                    ? _folder[word]
                    : word
            );

        var (exit, _, messages) = await CommandLineTests.Run(string.Join(' ', words));

        Assert.Equal(ExitCode.InputAtFault, exit);
        Assert.Contains(told, messages, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Convert_makes_npy_grids()
    {
        var slide = CompressedSlideFileTests.Some(9, 4, symmetries: false, seed: 1);
        CompressedSlideFile.Write(_folder["a.h5"], slide, FeaturePrecision.Bits16, TimeProvider.System.GetUtcNow());

        var (exit, _, _) = await CommandLineTests.Run($"convert {_folder["a.h5"]} --to npy --out {_folder["grids"]}");

        Assert.Equal(ExitCode.Done, exit);
        Assert.Equal(FeatureMap.Of(slide).Values, NpyFile.Read(_folder["grids/a.npy"]).Values);
    }

    private Task<string> Text(string name) =>
        File.ReadAllTextAsync(_folder[name], TestContext.Current.CancellationToken);
}
