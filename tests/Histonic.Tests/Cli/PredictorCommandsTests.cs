using Histonic.Cli;
using Histonic.Slides.Cohorts;
using Histonic.Slides.Grids;
using Histonic.Tests.Learning.Prediction;
using Histonic.Tests.Support;

namespace Histonic.Tests.Cli;

public sealed class PredictorCommandsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public PredictorCommandsTests()
    {
        var slides = new PlantedCohort(24).All(PlantedCohort.Class);
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
        Assert.Equal(["s003.csv", "s004.csv"], Directory.GetFiles(_folder["maps"]).Select(Path.GetFileName).Order());
        Assert.StartsWith(
            "row,column,x,y,value\n",
            File.ReadAllText(_folder["maps/s003.csv"]),
            StringComparison.Ordinal
        );
    }

    [Theory]
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

    private static string Errors(string messages) =>
        string.Join('\n', messages.Split('\n').Where(line => line.StartsWith("error", StringComparison.Ordinal)));
}
