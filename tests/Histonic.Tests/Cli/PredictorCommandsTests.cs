using Histonic.Cli;
using Histonic.Learning.Prediction;
using Histonic.Slides.Cohorts;
using Histonic.Slides.Grids;
using Histonic.Slides.Reading;
using Histonic.Tests.Learning.Prediction;
using Histonic.Tests.Support;

namespace Histonic.Tests.Cli;

public sealed class PredictorCommandsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public PredictorCommandsTests()
    {
        var slides = new PlantedCohort(24).Planted(PlantedCohort.Class);
        foreach (var slide in slides)
            CompressedSlideFile.Write(
                _folder[$"features/{slide.Grid.Slide}.h5"],
                slide.Grid,
                FeaturePrecision.Bits16,
                DateTimeOffset.UnixEpoch
            );
        CsvTable.Write(
            _folder["labels.csv"],
            ["slide", "patient", "grade"],
            slides.Select(slide => (IReadOnlyList<object?>)[slide.Truth.Slide, slide.Truth.Patient, slide.Truth.Label])
        );
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_predictor_is_trained_asked_and_explained()
    {
        var trained = await Run("train --features @features --labels @labels.csv --out @run --epochs 2 " + Target);
        Assert.Equal((ExitCode.Done, ""), (trained.Exit, Errors(trained.Messages)));
        Assert.Contains("auc  ", trained.Results, StringComparison.Ordinal);
        Assert.All(
            ["config.yaml", "folds.csv", "predictions.csv", "metrics.json", "report.html"],
            name => Assert.True(File.Exists(_folder[$"run/{name}"]), name)
        );

        var predicted = await Run("predict --run @run --features @features --out @new.csv --labels @labels.csv");
        Assert.Equal(ExitCode.Done, predicted.Exit);
        var table = PredictionTable.Read(_folder["new.csv"], PlantedCohort.Class);
        Assert.Equal(24, table.Rows.Count);
        Assert.All(table.Rows, row => Assert.True(row is { Spread: not null, Fold: null, Label: not null }));

        var explained = await Run("explain --run @run --features @features --slide s003 s004.svs --out @maps");
        Assert.Equal(ExitCode.Done, explained.Exit);
        Assert.Equal(
            [
                "s003.csv",
                "s003.geojson",
                "s003.patches.csv",
                "s003.tiff",
                "s004.csv",
                "s004.geojson",
                "s004.patches.csv",
                "s004.tiff",
            ],
            Directory.GetFiles(_folder["maps"]).Select(Path.GetFileName).Order(StringComparer.Ordinal)
        );
        Assert.StartsWith(
            "row,column,x,y,value,spread,spread_symmetries\n",
            File.ReadAllText(_folder["maps/s003.csv"]),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("cnn", "grad-cam")]
    [InlineData("cnn", "occlusion")]
    [InlineData("abmil", "attention")]
    [InlineData("mean", "occlusion")]
    public async Task Maps_are_checked_against_a_region_and_random_weights(string model, string method)
    {
        await Run($"train --features @features --labels @labels.csv --out @run --epochs 2 --model {model} " + Target);
        Directory.CreateDirectory(_folder["truth"]);
        File.WriteAllText(_folder["truth/classes.csv"], "value,class\n0,elsewhere\n9,left\n");
        for (var i = 3; i < 7; i++)
        {
            var grid = CompressedSlideFile.Read(_folder[$"features/s00{i}.h5"]);
            PictureFile.WriteGreyPng(
                _folder[$"truth/s00{i}.png"],
                grid.Columns * 2,
                grid.Rows * 2,
                [
                    .. Enumerable
                        .Range(0, grid.Rows * grid.Columns * 4)
                        .Select(n => (byte)(n % (grid.Columns * 2) < 6 ? 9 : 0)),
                ]
            );
        }

        var checkedMaps = await Run(
            $"explain --run @run --features @features --slide s003 s004 s005 s006 --method {method} --block 2 --out @maps "
                + "--truth @truth --region left --random-weights --labels @labels.csv"
        );

        Assert.Equal((ExitCode.Done, ""), (checkedMaps.Exit, Errors(checkedMaps.Messages)));
        var table = CsvTable.Read(_folder["maps/overlap.csv"]);
        Assert.Equal(4 * 4, table.Rows.Count);
        Assert.All(table.Rows, row => Assert.InRange(table.Number(row, table.Require("auc"))!.Value, 0, 1));
        Assert.Equal(3, table.Rows.Select(row => row.Fields[1]).Distinct(StringComparer.Ordinal).Count()); // patients
        Assert.Contains("rank_correlation  random weights", checkedMaps.Results, StringComparison.Ordinal);
        Assert.StartsWith(
            "map,measure,value,low,high,slides,patients\nexplained,auc,",
            Text("maps/overlap-summary.csv"),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("--method attention", "attention")]
    [InlineData("--layer 9", "--layer")]
    [InlineData("--layer 0", "--layer")]
    [InlineData("--class lower", "one of high, low")]
    [InlineData("--truth @features", "--region")]
    [InlineData("--region front", "--truth")]
    public async Task What_cannot_be_explained_so_is_told(string words, string named)
    {
        await Run("train --features @features --labels @labels.csv --out @run --epochs 1 " + Target);

        var (exit, _, messages) = await Run($"explain --run @run --features @features --out @maps {words}");

        Assert.Equal(ExitCode.InputAtFault, exit);
        Assert.Contains(named, messages, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cnn")]
    [InlineData("abmil")]
    [InlineData("mean")]
    public async Task Embeddings_read_again_at_each_use_predict_what_held_ones_do(string model)
    {
        var words = $"train --features @features --labels @labels.csv --epochs 2 --model {model} " + Target;
        Assert.Equal(ExitCode.Done, (await Run(words + " --out @held")).Exit);
        Assert.Equal(ExitCode.Done, (await Run(words + " --out @read --memory 0")).Exit);

        Assert.Equal(Text("held/predictions.csv"), Text("read/predictions.csv"));
    }

    [Fact]
    public async Task Repeats_are_runs_of_their_own_and_their_mean_is_told()
    {
        const string Words = "train --features @features --labels @labels.csv --epochs 2 " + Target;
        Assert.Equal(ExitCode.Done, (await Run(Words + " --out @single")).Exit);
        Assert.Equal(ExitCode.Done, (await Run(Words + " --out @run --repeats 3")).Exit);

        // the first repeat is the run without repeats; the others have other folds
        Assert.Equal(Text("single/predictions.csv"), Text("run/repeat-1/predictions.csv"));
        Assert.NotEqual(Text("single/folds.csv"), Text("run/repeat-2/folds.csv"));
        var means = PredictionTable.Read(_folder["run/predictions.csv"], PlantedCohort.Class).Rows;
        var parts = Enumerable
            .Range(1, 3)
            .Select(k => PredictionTable.Read(_folder[$"run/repeat-{k}/predictions.csv"], PlantedCohort.Class).Rows)
            .ToArray();
        Assert.Equal(24, means.Count);
        foreach (var row in means)
            Assert.Equal(
                parts.Average(rows =>
                    rows.Single(one => string.Equals(one.Slide, row.Slide, StringComparison.Ordinal)).Score
                ),
                row.Score,
                1e-6
            );
        Assert.Equal(
            ["1", "2", "3"],
            CsvTable.Read(_folder["run/repeats.csv"]).Rows.Select(row => row.Fields[0]).Distinct()
        );

        using var run = PredictorRun.Open(_folder["run"]);
        Assert.Equal(12, run.Networks.Count);

        Assert.Contains(
            "already holds a run",
            (await Run(Words + " --out @run --repeats 3")).Messages,
            StringComparison.Ordinal
        );
        Assert.Equal(ExitCode.Done, (await Run(Words + " --out @run --repeats 3 --resume")).Exit);
        Assert.Contains(
            "--repeats is 3, but must be left out",
            (await Run(Words + " --out @other --repeats 3 --folds-file @single/folds.csv")).Messages,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task External_slides_are_predicted_by_all_networks_and_a_patient_trained_on_is_refused()
    {
        var others = new PlantedCohort(12, Seed: 70).Planted(PlantedCohort.Class);
        foreach (var (grid, _) in others)
            CompressedSlideFile.Write(
                _folder[$"theirs/x{grid.Slide}.h5"],
                grid with
                {
                    Slide = $"x{grid.Slide}",
                },
                FeaturePrecision.Bits16,
                DateTimeOffset.UnixEpoch
            );
        void Label(string patient) =>
            CsvTable.Write(
                _folder["theirs.csv"],
                ["slide", "patient", "grade"],
                others.Select(one =>
                    (IReadOnlyList<object?>)[$"x{one.Truth.Slide}", patient + one.Truth.Patient, one.Truth.Label]
                )
            );
        const string Words =
            "train --features @features --labels @labels.csv --epochs 2 --external-features @theirs --external-labels @theirs.csv "
            + Target;

        Label("");
        var leaked = await Run(Words + " --out @run");
        Assert.Equal(ExitCode.InputAtFault, leaked.Exit);
        Assert.Contains("of patient p000 (line 2), who is trained on too", leaked.Messages, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder["run"]));

        Label("other ");
        var trained = await Run(Words + " --out @run");
        Assert.Equal((ExitCode.Done, ""), (trained.Exit, Errors(trained.Messages)));
        var external = PredictionTable.Read(_folder["run/external/predictions.csv"], PlantedCohort.Class).Rows;
        await Run("predict --run @run --features @theirs --out @new.csv");
        var predicted = PredictionTable.Read(_folder["new.csv"], PlantedCohort.Class).Rows;
        Assert.Equal(
            predicted.Select(row => (row.Slide, row.Score, row.Spread)),
            external.OrderBy(row => row.Slide, StringComparer.Ordinal).Select(row => (row.Slide, row.Score, row.Spread))
        );
        Assert.True(File.Exists(_folder["run/external/metrics.json"]));
        Assert.True(File.Exists(_folder["run/external/report.html"]));
    }

    [Theory]
    [InlineData("--task classification --target grade --class-weights low=1", "--class-weights is low=1, but must be")]
    [InlineData("--task regression --target grade", "line 2: \"")]
    [InlineData(
        "--task classification --target score",
        "has no column \"score\". Its columns are slide, patient, grade"
    )]
    [InlineData("--task survival --target grade", "--target is grade, but must be left out for survival")]
    [InlineData("--task classification --target grade --folds 2", "--folds is 2, but must be from 3")]
    [InlineData("--task classification --target grade --folds 24", "fewer than the 24 folds")]
    [InlineData("--task classification --target grade --device cuda", "--device is cuda, but must be cpu")]
    public async Task Bad_input_is_told_and_nothing_is_written(string words, string told)
    {
        var (exit, _, messages) = await Run($"train --features @features --labels @labels.csv --out @run {words}");

        Assert.Equal(ExitCode.InputAtFault, exit);
        Assert.Contains(told, messages, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder["run"]));
    }

    [Fact]
    public async Task A_labelled_slide_without_features_is_refused_by_name_or_skipped()
    {
        File.Delete(_folder["features/s004.h5"]);
        var words = "train --features @features --labels @labels.csv --out @run --epochs 1 " + Target;

        var refused = await Run(words);
        var skipped = await Run(words + " --skip-unknown");

        Assert.Equal((ExitCode.InputAtFault, ExitCode.Done), (refused.Exit, skipped.Exit));
        Assert.Contains("s004 (line 6)", refused.Messages, StringComparison.Ordinal);
        Assert.Contains("left out", skipped.Messages, StringComparison.Ordinal);
    }

    private const string Target = "--task classification --target grade";

    private Task<(int Exit, string Results, string Messages)> Run(string line) =>
        CommandLineTests.Run(line.Replace("@", $"{_folder.Path}/", StringComparison.Ordinal));

    private string Text(string file) => File.ReadAllText(_folder[file]);

    private static string Errors(string messages) =>
        string.Join('\n', messages.Split('\n').Where(line => line.StartsWith("error", StringComparison.Ordinal)));

    /// <summary>One network for a class, a number that half of the slides do not know, survival and two labels.</summary>
    [Fact]
    public async Task Several_targets_are_trained_asked_scored_compared_and_explained_by_name()
    {
        var (classes, values, risks) = (
            new PlantedCohort(24).Planted(PlantedCohort.Class),
            new PlantedCohort(24).Planted(PlantedCohort.Value),
            new PlantedCohort(24).Planted(PlantedCohort.Risk)
        );
        CsvTable.Write(
            _folder["many.csv"],
            ["slide", "patient", "grade", "score", "months", "died", "er", "pr"],
            Enumerable
                .Range(0, 24)
                .Select(i =>
                    (IReadOnlyList<object?>)
                        [
                            classes[i].Truth.Slide,
                            classes[i].Truth.Patient,
                            classes[i].Truth.Label,
                            i % 4 < 2 ? values[i].Truth.Value : null,
                            risks[i].Truth.Time,
                            risks[i].Truth.Event == true ? 1 : 0,
                            i / 2 % 2,
                            i / 4 % 2,
                        ]
                )
        );
        const string Words =
            "train --features @features --labels @many.csv --epochs 2 --folds 3 --target grade:classification --target score:regression "
            + "--target months,died:survival --target er,pr:multilabel --out @run";

        var trained = await Run(Words);
        Assert.Equal((ExitCode.Done, ""), (trained.Exit, Errors(trained.Messages)));
        foreach (var told in new[] { "grade (classification)", "months (survival)", "mean of er, pr" })
            Assert.Contains(told, trained.Results, StringComparison.Ordinal);

        Assert.Equal(
            ExitCode.Done,
            (await Run("predict --run @run --features @features --out @new.csv --labels @many.csv")).Exit
        );
        Assert.Equal(
            (24, 12),
            (
                PredictionTable.Read(_folder["new.csv"], PlantedCohort.Value).Rows.Count,
                PredictionTable.Read(_folder["new.csv"], PlantedCohort.Value).Rows.Count(row => row.IsLabelled)
            )
        );

        // one target of the file alone, in the words of a run of one
        var evaluated = await Run(
            "evaluate --predictions @run/predictions.csv --task regression --target score --out @e"
        );
        Assert.Equal((ExitCode.Done, ""), (evaluated.Exit, Errors(evaluated.Messages)));
        Assert.Equal(12, Histonic.Reports.Evaluation.MetricsFile.Read(_folder["e/metrics.json"]).Pooled["mae"].N);
        Assert.Equal(
            ExitCode.Done,
            (await Run("evaluate --predictions @run/predictions.csv --target er,pr:multilabel --out @labels")).Exit
        );
        Assert.Contains("label_averages", Text("labels/metrics.json"), StringComparison.Ordinal);

        Assert.Equal(
            ExitCode.Done,
            (
                await Run("train --features @features --labels @labels.csv --epochs 2 --folds 3 --out @one " + Target)
            ).Exit
        );
        Assert.Equal(
            ExitCode.Done,
            (await Run("evaluate --compare @run @one --target grade --out @compared --resamples 100")).Exit
        );
        Assert.Contains(
            "--target is missing, but must be one of grade, score, months, er, pr",
            (await Run("evaluate --compare @run @one --out @compared")).Messages,
            StringComparison.Ordinal
        );

        Assert.Contains(
            "--target is missing, but must be one of grade, score, months, er, pr",
            (await Run("explain --run @run --features @features --slide s003 --out @maps")).Messages,
            StringComparison.Ordinal
        );
        Assert.Equal(
            ExitCode.Done,
            (await Run("explain --run @run --features @features --slide s003 --target er --class 0 --out @maps")).Exit
        );

        Assert.Equal(
            ExitCode.Done,
            (await Run(Words.Replace("@run", "@twice", StringComparison.Ordinal) + " --repeats 2")).Exit
        );
        Assert.Equal(24, PredictionTable.Read(_folder["twice/predictions.csv"], PlantedCohort.Class).Rows.Count);
        Assert.Contains("score:spearman", Text("twice/repeats.csv"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--task classification --target grade --target pr", "--task is classification, but must be left out")]
    [InlineData("--target grade", "--target is grade, but must be COLUMN:classification")]
    [InlineData("--target grade:classification --time t", "--time is t, but must be left out without --task")]
    [InlineData("--epochs 2", "--task is missing, but must be one of")]
    public async Task Words_that_name_no_targets_are_told(string words, string told)
    {
        var (exit, _, messages) = await Run($"train --features @features --labels @labels.csv --out @run {words}");

        Assert.NotEqual(ExitCode.Done, exit);
        Assert.Contains(told, messages, StringComparison.Ordinal);
    }
}
