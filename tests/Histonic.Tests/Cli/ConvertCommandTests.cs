using Histonic.Cli;
using Histonic.Slides.Cohorts;
using Histonic.Slides.Grids;
using Histonic.Slides.Interchange;
using Histonic.Slides.Reading;
using Histonic.Tests.Learning.Prediction;
using Histonic.Tests.Support;

namespace Histonic.Tests.Cli;

public sealed class ConvertCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_predictor_is_trained_on_the_embeddings_of_another_program()
    {
        var slides = new PlantedCohort(Slides: 24).Planted(PlantedCohort.Class);
        foreach (var (grid, _) in slides)
            SlideExport.Write(
                _folder["stamp/uni-12345678"],
                grid.Slide,
                grid,
                InterchangeFormat.Stamp,
                FeaturePrecision.Bits16,
                DateTimeOffset.UnixEpoch
            );
        CsvTable.Write(
            _folder["labels.csv"],
            ["slide", "patient", "grade"],
            slides.Select(one => (IReadOnlyList<object?>)[one.Truth.Slide, one.Truth.Patient, one.Truth.Label])
        );
        var mpp = slides[0].Grid.Geometry.Level0PixelSize.Value.Value;

        var (exit, _, messages) = await CommandLineTests.Run(
            $"train --features {_folder["stamp/uni-12345678"]} --labels {_folder["labels.csv"]} --task classification --target grade --out {_folder["no"]}"
        );
        Assert.Equal(ExitCode.InputAtFault, exit);
        Assert.Contains("'histonic convert'", messages, StringComparison.Ordinal);

        (exit, var results, _) = await CommandLineTests.Run(
            FormattableString.Invariant(
                $"convert {_folder["stamp"]} --to histonic --mpp-override {mpp} --out {_folder["features"]}"
            )
        );
        Assert.Equal(ExitCode.Done, exit);
        Assert.Contains("from STAMP", results, StringComparison.Ordinal);

        (exit, _, messages) = await CommandLineTests.Run(
            $"train --features {_folder["features"]} --labels {_folder["labels.csv"]} --task classification --target grade --model mean --epochs 3 --out {_folder["run"]}"
        );
        Assert.True(exit == ExitCode.Done, messages);
        Assert.True(File.Exists(_folder["run/report.html"]));
    }

    [Fact]
    public async Task The_slides_tell_what_embeddings_do_not_and_one_bad_file_stops_nothing()
    {
        var picture = TestSlides.Pattern(4000, 3000);
        Directory.CreateDirectory(_folder["slides"]);
        TestSlides.WriteTiff(_folder["slides/ring.tif"], picture, 0.25);
        var golden = Path.Combine(AppContext.BaseDirectory, "golden", "interchange", "clam", "h5_files");

        var (exit, results, messages) = await CommandLineTests.Run(
            $"convert {golden} --to histonic --slides {_folder["slides"]} --encoder-name resnet50 --out {_folder["features"]}"
        );

        Assert.Equal(ExitCode.DoneInPart, exit);
        Assert.Contains("ring.h5: from CLAM, 20 patches", results, StringComparison.Ordinal);
        Assert.Contains("has no slide contours in", messages, StringComparison.Ordinal);
        var slide = CompressedSlideFile.Read(_folder["features/ring.h5"]);
        Assert.Equal(
            (4000, 3000, 0.25),
            (slide.Geometry.Level0Width, slide.Geometry.Level0Height, slide.Geometry.Level0PixelSize.Value.Value)
        );
        Assert.Equal("resnet50", slide.Encoder);
        using var reader = SlideReader.Open(_folder["slides/ring.tif"]);
        Assert.Equal(reader.PixelSize!.Value.Source, slide.Geometry.Level0PixelSize.Source);
    }

    [Fact]
    public async Task A_folder_without_embeddings_and_a_file_of_another_layout_stop_nothing()
    {
        Directory.CreateDirectory(_folder["empty"]);
        var golden = Path.Combine(AppContext.BaseDirectory, "golden", "interchange");

        var (exit, results, messages) = await CommandLineTests.Run(
            $"convert {_folder["empty"]} {golden}/trident/20x_256px_0px_overlap/features_uni_v1/float.h5 {golden}/stamp --from stamp --to histonic --mpp-override 0.25 --out {_folder["features"]}"
        );

        Assert.Equal(ExitCode.DoneInPart, exit);
        Assert.Contains("from STAMP", results, StringComparison.Ordinal);
        Assert.DoesNotContain("from TRIDENT", results, StringComparison.Ordinal);
        Assert.Contains("holds no .h5 or .npy files", messages, StringComparison.Ordinal);
        Assert.Contains("has the layout of TRIDENT, not of STAMP", messages, StringComparison.Ordinal);
        Assert.All(CsvTable.Read(_folder["features/failures.csv"]).Rows, row => Assert.Equal("convert", row.Fields[1]));
    }

    [Fact]
    public async Task Folders_without_embeddings_take_no_slides_name()
    {
        Directory.CreateDirectory(_folder["ring"]);
        Directory.CreateDirectory(_folder["other"]);
        var golden = Path.Combine(AppContext.BaseDirectory, "golden", "interchange");

        var (exit, results, messages) = await CommandLineTests.Run(
            $"convert {_folder["ring"]}/ {_folder["other"]}/ {golden}/stamp --to histonic --mpp-override 0.25 --out {_folder["features"]}"
        );

        Assert.Equal(ExitCode.DoneInPart, exit);
        Assert.Contains("from STAMP", results, StringComparison.Ordinal);
        Assert.Contains("ring/: holds no", messages, StringComparison.Ordinal);
        Assert.Contains("other/: holds no", messages, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder["features/failures.csv"]));
    }

    [Theory]
    [InlineData("h5_files", "clam", "")]
    [InlineData("h5_files", "histonic", "h5_files")]
    [InlineData("h5_files", "histonic", "h5_files/")]
    public async Task An_input_is_never_overwritten(string from, string to, string into)
    {
        var golden = Path.Combine(AppContext.BaseDirectory, "golden", "interchange", "clam");
        foreach (var file in new[] { "h5_files/ring.h5", "patches/ring.h5" })
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_folder[file])!);
            File.Copy(Path.Combine(golden, file), _folder[file]);
        }

        var (exit, _, messages) = await CommandLineTests.Run(
            $"convert {_folder[from]} --to {to} --mpp-override 0.25 --encoder-name u --out {Path.Combine(_folder.Path, into)}"
        );

        Assert.Equal(ExitCode.InputAtFault, exit);
        Assert.Contains("would be overwritten", messages, StringComparison.Ordinal);
        foreach (var file in new[] { "h5_files/ring.h5", "patches/ring.h5" })
            Assert.Equal(
                await File.ReadAllBytesAsync(Path.Combine(golden, file), TestContext.Current.CancellationToken),
                await File.ReadAllBytesAsync(_folder[file], TestContext.Current.CancellationToken)
            );
    }
}
