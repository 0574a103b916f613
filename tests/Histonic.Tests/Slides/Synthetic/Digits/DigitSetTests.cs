using Histonic.Learning.Prediction;
using Histonic.Slides;
using Histonic.Slides.Cohorts;
using Histonic.Slides.Reading;
using Histonic.Slides.Synthetic.Digits;
using Histonic.Tests.Support;

namespace Histonic.Tests.Slides.Synthetic.Digits;

public sealed class DigitSetTests
{
    private static readonly DigitSetOptions _small = new()
    {
        Pictures = 30,
        TestPictures = 3,
        Size = 180,
        Patches = 20,
        Threads = 2,
    };

    [Fact]
    public void The_files_are_what_the_tables_say_and_read_back_as_they_were_drawn()
    {
        using var folder = new TemporaryFolder();
        var summary = Make(folder["set"], _small, 5);
        Assert.Equal(new DigitSetSummary(3, 27, 3, 60), summary);
        var table = CsvTable.Read(Path.Combine(folder["set"], "truth.csv"));
        Assert.Equal(33, table.Rows.Count);
        var shapes = DigitShapes.Draw(new Seed(5), test: false);
        foreach (var (i, row) in table.Rows.Take(30).Index())
        {
            var drawn = DigitPicture.Draw(new Seed(5).For($"digits {i}"), _small, shapes);
            var (name, part) = (row.Fields[0], row.Fields[1]);
            Assert.Equal($"{i}_{drawn.Label}_{drawn.Distractor}_{drawn.TiltedLength}_{drawn.UprightLength}", name);
            Assert.Equal(drawn.Digits.Count, table.Number(row, table.Require("digits")));
            Assert.Equal(drawn.Area(DigitPicture.Tilted), table.Number(row, table.Require("area")));
            var path = Path.Combine(folder["set"], part, $"{name}.tif");
            Assert.Equal(drawn.Pixels, Grey(path));
            Assert.Equal(drawn.Mask, Grey(Path.Combine(folder["set"], "truth", $"{name}.png")));
            using var slide = SlideReader.Open(path);
            Assert.Equal(1, slide.PixelSize!.Value.Value.Value, 1e-6);
        }

        Assert.Equal(
            ["encoder", "slides", "test"],
            table.Rows.Select(row => row.Fields[1]).Distinct(StringComparer.Ordinal)
        );
        Assert.Equal(27, CsvTable.Read(Path.Combine(folder["set"], "labels.csv")).Rows.Count);
        Assert.Equal(3, CsvTable.Read(Path.Combine(folder["set"], "test.csv")).Rows.Count);
        var folds = CsvTable.Read(Path.Combine(folder["set"], "folds.csv")).Rows.CountBy(row => row.Fields[1]);
        Assert.Equal(["1", "2", "3", "4"], folds.Select(fold => fold.Key).Order(StringComparer.Ordinal));
        Assert.All(folds, fold => Assert.InRange(fold.Value, 6, 7));
        // P2's one division, as training reads it: labels and parts in one table
        var split = CsvTable.Read(Path.Combine(folder["set"], "split.csv"));
        Assert.Equal(
            [("train", 21), ("validation", 6), ("test", 3)],
            split.Rows.CountBy(row => row.Fields[2]).Select(part => (part.Key, part.Value))
        );
        var truths = LabelTable.Read(split.Path).Truths(new TargetSpec.Classification("label"));
        Assert.Equal(30, truths.Count);
        Assert.Equal(1, Folds.Read(split.Path, truths).Count);
        var trained = LabelTable.Read(Path.Combine(folder["set"], "labels.csv"));
        Assert.Equal(
            4,
            Folds
                .Read(Path.Combine(folder["set"], "folds.csv"), trained.Truths(new TargetSpec.Classification("label")))
                .Count
        );
    }

    [Fact]
    public void Patches_are_cut_from_the_encoders_pictures_alone()
    {
        using var folder = new TemporaryFolder();
        Make(folder["set"], _small, 5);
        var patches = Directory.GetFiles(folder["set/patches"], "*.png", SearchOption.AllDirectories);
        Assert.Equal(60, patches.Length);
        Assert.Equal(
            ["0", "1", "2"],
            patches.Select(path => Path.GetFileName(path).Split('_')[0]).Distinct().Order(StringComparer.Ordinal)
        );
        var patch = PictureFile.Read(patches[0]);
        Assert.Equal((9, 9), (patch.Width, patch.Height));
    }

    [Fact]
    public void The_same_seed_makes_the_same_files_and_another_seed_is_refused_in_the_same_folder()
    {
        using var folder = new TemporaryFolder();
        Make(folder["a"], _small, 5);
        Make(folder["b"], _small with { Threads = 1 }, 5);
        var files = Directory.GetFiles(folder["a"], "*", SearchOption.AllDirectories);
        Assert.True(files.Length > 100);
        foreach (var file in files)
        {
            var other = Path.Combine(folder["b"], Path.GetRelativePath(folder["a"], file));
            Assert.Equal(File.ReadAllBytes(file), File.ReadAllBytes(other));
        }

        var missing = Directory.GetFiles(Path.Combine(folder["a"], "slides"))[4];
        File.Delete(missing);
        Make(folder["a"], _small, 5);
        Assert.True(File.Exists(missing));
        Assert.Throws<InputException>(() => Make(folder["a"], _small, 6));
        Assert.Throws<InputException>(() => Make(folder["a"], _small with { Density = 0.003 }, 5));
    }

    [Fact]
    public void Options_that_cannot_work_are_named()
    {
        Assert.Contains("--density", Refusal(_small with { Density = 0.02 }), StringComparison.Ordinal);
        Assert.Contains("--least", Refusal(_small with { Least = 1 }), StringComparison.Ordinal);
        Assert.Contains("--size", Refusal(_small with { Size = 80 }), StringComparison.Ordinal);

        static string Refusal(DigitSetOptions options) => Assert.Throws<OptionException>(options.Validated).Message;
    }

    private static DigitSetSummary Make(string folder, DigitSetOptions options, int seed) =>
        DigitSet.Write(folder, options, new Seed(seed), SilentMonitor.Instance, TestContext.Current.CancellationToken);

    private static byte[] Grey(string path)
    {
        var picture = PictureFile.Read(path);
        return [.. picture.Pixels.Where((_, i) => i % 3 == 0)];
    }
}
