using System.Text.RegularExpressions;
using Histonic.Cli;
using Histonic.Slides;
using Histonic.Slides.Cohorts;
using Histonic.Slides.Reading;
using Histonic.Slides.Synthetic;
using Histonic.Tests.Support;

namespace Histonic.Tests.Cli;

public sealed partial class ExperimentCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public ExperimentCommandTests()
    {
        SyntheticCohort.Write(
            _folder["cohort"],
            new CohortOptions
            {
                Slides = 24,
                SlideSize = 512,
                Threads = 2,
            },
            new Seed(5),
            SilentMonitor.Instance,
            default
        );
        foreach (var (name, value) in new[] { ("dark", 60), ("light", 200) })
        {
            Directory.CreateDirectory(_folder[$"patches/{name}"]);
            for (var i = 0; i < 12; i++)
            {
                var pixels = new byte[64 * 64 * 3];
                Array.Fill(pixels, (byte)(value + i));
                PictureFile.WritePng(_folder[$"patches/{name}/s{i}_0.png"], new RgbImage(64, 64, pixels));
            }
        }
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task An_experiment_is_done_once_and_after_a_change_only_what_depends_on_it()
    {
        Write(steps: 3, epochs: 1);
        var listed = await Run("--dry-run");
        Assert.Equal(ExitCode.Done, listed.Exit);
        Assert.Contains("predictor: 2 of 2 to do", listed.Results, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder["experiment"]));

        // two encoders, their grids, a predictor on each
        var first = await Run("");
        Assert.Equal((ExitCode.Done, 6, 0), (first.Exit, Done(first), Cached(first)));
        Assert.All(
            ["results.csv", "summary.csv", "comparisons.csv", "tasks.csv", "tasks-correlation.csv", "report.html"],
            name => Assert.True(File.Exists(_folder[$"experiment/{name}"]), name)
        );
        var rows = CsvTable.Read(_folder["experiment/results.csv"]);
        Assert.Equal(["mean-rgb", "t"], rows.Rows.Select(row => row.Fields[0]));
        Assert.All(rows.Rows, row => Assert.NotEqual("", row.Fields[rows.Require("value")]));
        var results = Results();

        var again = await Run("");
        Assert.Equal((ExitCode.Done, 0, 6), (again.Exit, Done(again), Cached(again)));
        Assert.Equal(results, Results());

        // as a process that was stopped leaves it: begun and not finished
        var stopped = Directory.GetFiles(
            _folder["experiment/cells/predictor"],
            "cell.json",
            SearchOption.AllDirectories
        );
        File.Delete(stopped[0]);
        var resumed = await Run("");
        Assert.Equal((1, 5), (Done(resumed), Cached(resumed)));
        Assert.Equal(results, Results());

        Write(steps: 3, epochs: 2);
        var predictors = await Run("");
        Assert.Equal((2, 4), (Done(predictors), Cached(predictors)));

        Write(steps: 4, epochs: 2);
        var encoder = await Run("");
        Assert.Equal((3, 3), (Done(encoder), Cached(encoder)));

        Write(steps: 4, epochs: 2, compress: "min_tissue: 0.3");
        var grids = await Run("");
        Assert.Equal((4, 2), (Done(grids), Cached(grids)));

        // another column of the labels is not the target's: nothing is to be done
        var labels = CsvTable.Read(_folder["cohort/labels.csv"]);
        CsvTable.Write(
            _folder["cohort/labels.csv"],
            [.. labels.Header, "remark"],
            labels.Rows.Select(row => (IReadOnlyList<object?>)[.. row.Fields, "x"])
        );
        Assert.Equal(0, Done(await Run("")));

        var patch = new byte[64 * 64 * 3];
        PictureFile.WritePng(_folder["patches/dark/s3_0.png"], new RgbImage(64, 64, patch));
        Assert.Equal(3, Done(await Run("")));
    }

    [Fact]
    public async Task What_fails_stops_only_what_needs_it_and_is_stated()
    {
        File.WriteAllText(_folder["broken.onnx"], "not an encoder");
        Write(steps: 3, epochs: 1, encoders: "  - broken.onnx\n  - mean-rgb\n");
        File.WriteAllText(Directory.GetFiles(_folder["cohort/slides"]).Order().First(), "not a slide");

        var (exit, results, messages) = await Run("");

        Assert.Equal(ExitCode.DoneInPart, exit);
        Assert.Contains("broken", messages, StringComparison.Ordinal);
        Assert.Contains("mean-rgb: spearman", results, StringComparison.Ordinal);
        var failures = CsvTable.Read(_folder["experiment/failures.csv"]);
        Assert.Equal(3, failures.Rows.Count); // the grids of broken, its predictor, a slide of mean-rgb
        var table = CsvTable.Read(_folder["experiment/results.csv"]);
        Assert.Equal([true, false], table.Rows.Select(row => row.Fields[table.Require("value")].Length == 0));
        Assert.Equal("23", table.Rows[1].Fields[table.Require("n")]);
    }

    [Fact]
    public async Task Predictors_take_the_splits_of_a_file_and_are_made_anew_when_it_changes()
    {
        var labels = CsvTable.Read(_folder["cohort/labels.csv"]);
        var patients = labels.Rows.Select(row => row.Fields[1]).Distinct(StringComparer.Ordinal).ToList();
        Split(tested: 4);
        Write(steps: 3, epochs: 1, encoders: "  - mean-rgb\n", folds: "folds_file: split.csv");
        Assert.Equal(3, Done(await Run("")));
        Assert.Equal(Tested(4), Predicted());

        Split(tested: 5);
        Assert.Equal(1, Done(await Run("")));
        Assert.Equal(Tested(5), Predicted());

        string PartOf(string patient, int tested) =>
            patients.IndexOf(patient) is var i && i < tested ? "test"
            : i < 8 ? "validation"
            : "train";
        void Split(int tested) =>
            CsvTable.Write(
                _folder["split.csv"],
                ["slide", "split"],
                labels.Rows.Select(row => (IReadOnlyList<object?>)[row.Fields[0], PartOf(row.Fields[1], tested)])
            );
        string Tested(int tested) => $"{labels.Rows.Count(row => patients.IndexOf(row.Fields[1]) < tested)}";
        string Predicted() =>
            CsvTable.Read(_folder["experiment/results.csv"]) is var table
                ? table.Rows[0].Fields[table.Require("n")]
                : "";
    }

    private void Write(
        int steps,
        int epochs,
        string compress = "min_tissue: 0.5",
        string? encoders = null,
        string folds = "folds: 4"
    ) =>
        File.WriteAllText(
            _folder["experiment.yaml"],
            $$"""
            slides: cohort/slides
            labels: cohort/labels.csv
            targets:
              - { task: regression, column: proliferation }
            patches:
              t: patches@1
            training:
              max_steps: {{steps}}
              batch: 8
              encoder: { patch: 64, mpp: 1, width: 4, embedding: 6 }
            predictor:
              epochs: {{epochs}}
              model: mean
              {{folds}}
            compress: { {{compress}} }
            resamples: 100
            encoders:
            {{encoders ?? "  - mean-rgb\n  - subsets of tasks: [t]\n"}}
            """
        );

    private Task<(int Exit, string Results, string Messages)> Run(string words) =>
        CommandLineTests.Run($"experiment {_folder["experiment.yaml"]} --threads 2 {words}".Trim());

    private byte[] Results() => File.ReadAllBytes(_folder["experiment/results.csv"]);

    private static int Done((int Exit, string Results, string Messages) run) =>
        int.Parse(Counts().Match(run.Results).Groups["done"].Value, null);

    private static int Cached((int Exit, string Results, string Messages) run) =>
        int.Parse(Counts().Match(run.Results).Groups["cached"].Value, null);

    [GeneratedRegex(@"(?<done>\d+) cells done now in [^,]*, (?<cached>\d+) were there", RegexOptions.None, 1000)]
    private static partial Regex Counts();
}
