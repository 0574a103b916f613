using System.Globalization;
using Histonic.Learning.Prediction;
using Histonic.Slides;
using Histonic.Slides.Cohorts;
using Histonic.Statistics.Classification;
using Histonic.Statistics.Regression;
using Histonic.Tests.Support;

namespace Histonic.Tests.Learning.Prediction;

[NoTensorLeaks]
public sealed class PredictorTrainerTests : IDisposable
{
    private static readonly PredictorOptions _brief = new() { Epochs = 40 };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_class_that_shows_is_found_and_a_shuffled_one_is_not()
    {
        var planted = Train(new PlantedCohort(Slides: 72), PlantedCohort.Class);
        var shuffled = Train(new PlantedCohort(Slides: 96) { Shuffled = true }, PlantedCohort.Class);

        Assert.InRange(Area(planted), 0.9, 1);
        Assert.InRange(Area(shuffled), 0.3, 0.7); // chance, 0.5, and three standard errors
        Assert.Equal(72, planted.Rows.Count);
        Assert.All(
            planted.Rows,
            row =>
            {
                Assert.Equal(1, row.Probabilities.Sum(), 9);
                Assert.Equal(row.Probabilities[1] > 0.5 ? "low" : "high", row.PredictedClass);
            }
        );
    }

    [Fact]
    public void A_value_that_shows_is_found_in_its_own_units_and_a_shuffled_one_is_not()
    {
        var planted = Train(new PlantedCohort(), PlantedCohort.Value);
        var shuffled = Train(new PlantedCohort(Slides: 96) { Shuffled = true }, PlantedCohort.Value);

        Assert.InRange(Correlation.Spearman(Scores(planted), Values(planted)), 0.8, 1);
        Assert.InRange(Errors.MeanAbsolute(Values(planted), Scores(planted)), 0, 8); // of values from 1000 to 1040
        Assert.InRange(Correlation.Spearman(Scores(shuffled), Values(shuffled)), -0.31, 0.31);
    }

    [Fact]
    public void A_risk_that_shows_is_found_and_a_shuffled_one_is_not()
    {
        var planted = Train(new PlantedCohort(Slides: 96, Seed: 8), PlantedCohort.Risk);
        var shuffled = Train(new PlantedCohort(Slides: 96) { Shuffled = true }, PlantedCohort.Risk);

        Assert.InRange(Concordance(planted), 0.65, 1);
        Assert.InRange(Concordance(shuffled), 0.38, 0.62);
    }

    [Fact]
    public void A_fold_without_a_better_epoch_for_so_long_is_done()
    {
        Train(
            new PlantedCohort(),
            PlantedCohort.Class,
            new PredictorOptions
            {
                Model = "mean",
                Patience = 5,
                Epochs = 300,
            }
        );

        var logs = Directory
            .GetFiles(_folder.Path, "log.csv", SearchOption.AllDirectories)
            .Select(CsvTable.Read)
            .ToArray();
        Assert.Equal(4, logs.Length);
        Assert.Contains(logs, log => log.Rows.Count < 300);
        Assert.All(
            logs,
            log =>
            {
                var best = log.Rows.Single(row => row.Fields[log.Require("best")] is "1");
                Assert.Equal(
                    log.Rows.Count,
                    Math.Min(300, int.Parse(best.Fields[0], CultureInfo.InvariantCulture) + 5)
                );
            }
        );
    }

    [Fact]
    public void A_loss_of_another_kind_of_target_is_refused()
    {
        var error = Assert.Throws<OptionException>(() =>
            Train(new PlantedCohort(), PlantedCohort.Class, new PredictorOptions { Loss = "cox" })
        );

        Assert.Contains("cross-entropy for classification", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("classification", "mean")]
    [InlineData("regression", "mean")]
    [InlineData("survival", "mean")]
    [InlineData("classification", "abmil")]
    [InlineData("regression", "abmil")]
    [InlineData("survival", "abmil")]
    [InlineData("classification", "abmil-position")]
    [InlineData("survival", "mean", "hazards")]
    [InlineData("regression", "mean", "huber")]
    public void Networks_without_a_grid_tell_a_planted_share_too(string task, string model, string loss = "")
    {
        var target = PlantedCohort.Target(task);

        var table = Train(new PlantedCohort(Slides: 96), target, new PredictorOptions { Model = model, Loss = loss });

        Assert.InRange(
            target switch
            {
                TargetSpec.Classification => Area(table),
                TargetSpec.Regression => (Correlation.Spearman(Scores(table), Values(table)) + 1) / 2,
                _ => Concordance(table),
            },
            target is TargetSpec.Survival ? 0.65 : 0.85,
            1
        );
    }

    [Fact]
    public void The_run_folder_holds_everything_and_the_same_seed_writes_the_same_bytes()
    {
        Train(new PlantedCohort(24), PlantedCohort.Class, _brief with { Epochs = 3 }, "a");
        Train(new PlantedCohort(24), PlantedCohort.Class, _brief with { Epochs = 3 }, "b", threads: 3);
        var files = Directory
            .GetFiles(_folder["a"], "*", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(_folder["a"], path))
            .Order(StringComparer.Ordinal)
            .ToArray();

        Assert.Equal(
            [
                "config.yaml",
                .. Enumerable
                    .Range(1, 4)
                    .SelectMany(fold => new[] { $"fold-{fold}/log.csv", $"fold-{fold}/model.safetensors" }),
                "folds.csv",
                "predictions.csv",
            ],
            files
        );
        Assert.All(files, file => Assert.Equal(Bytes("a", file), Bytes("b", file)));
        Assert.Equal(4, File.ReadLines(_folder["a/fold-1/log.csv"]).Count());
    }

    [Fact]
    public void Another_seed_gives_other_predictions()
    {
        var one = Train(new PlantedCohort(24), PlantedCohort.Class, _brief with { Epochs = 2 }, "a", seed: 1);
        var two = Train(new PlantedCohort(24), PlantedCohort.Class, _brief with { Epochs = 2 }, "b", seed: 2);

        Assert.NotEqual(Scores(one), Scores(two));
    }

    [Fact]
    public void A_run_that_was_stopped_goes_on_with_the_folds_that_are_not_done()
    {
        var options = _brief with { Epochs = 3 };
        Train(new PlantedCohort(24), PlantedCohort.Class, options, "whole");
        Train(new PlantedCohort(24), PlantedCohort.Class, options, "stopped");
        var kept = File.GetLastWriteTimeUtc(_folder["stopped/fold-1/model.safetensors"]);
        File.Delete(_folder["stopped/predictions.csv"]);
        Directory.Delete(_folder["stopped/fold-3"], recursive: true);

        Train(new PlantedCohort(24), PlantedCohort.Class, options, "stopped", resume: true);

        Assert.Equal(Bytes("whole", "predictions.csv"), Bytes("stopped", "predictions.csv"));
        Assert.Equal(kept, File.GetLastWriteTimeUtc(_folder["stopped/fold-1/model.safetensors"]));
    }

    [Fact]
    public void A_fold_left_alone_comes_to_the_network_it_comes_to_beside_others()
    {
        var cohort = new PlantedCohort(24, Side: 24, Channels: 64); // large enough for libtorch to share products among threads
        var options = _brief with { Epochs = 2 };
        Train(cohort, PlantedCohort.Value, options, "a", threads: 2);
        var before = Bytes("a", "fold-3/model.safetensors");
        Directory.Delete(_folder["a/fold-3"], recursive: true);

        Train(cohort, PlantedCohort.Value, options, "a", threads: 2, resume: true);

        Assert.Equal(before, Bytes("a", "fold-3/model.safetensors"));
    }

    [Fact]
    public void A_folder_that_holds_a_run_is_not_overwritten_and_resuming_otherwise_is_refused()
    {
        Train(new PlantedCohort(24), PlantedCohort.Class, _brief with { Epochs = 1 }, "a");

        var again = Assert.Throws<InputException>(() => Train(new PlantedCohort(24), PlantedCohort.Class, _brief, "a"));
        var otherwise = Assert.Throws<InputException>(() =>
            Train(new PlantedCohort(24), PlantedCohort.Class, _brief with { Epochs = 2 }, "a", resume: true)
        );

        Assert.Contains("already holds a run", again.Message, StringComparison.Ordinal);
        Assert.Contains("epochs: 2 is new", otherwise.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Stopping_leaves_no_half_written_fold()
    {
        using var stop = new CancellationTokenSource();
        stop.Cancel();

        Assert.ThrowsAny<OperationCanceledException>(() =>
            PredictorTrainer.Train(
                _folder["a"],
                new PlantedCohort(24).For(PlantedCohort.Class),
                null,
                _brief,
                new Seed(1),
                1,
                resume: false,
                SilentMonitor.Instance,
                stop.Token
            )
        );

        Assert.Empty(Directory.GetDirectories(_folder["a"]));
    }

    [Fact]
    public void Slides_of_different_encoders_are_refused_by_name()
    {
        var slides = new PlantedCohort(24).All(PlantedCohort.Class).ToArray();
        slides[5] = slides[5] with { Grid = slides[5].Grid with { Encoder = "other", EncoderSha256 = "11" } };

        var error = Assert.Throws<InputException>(() =>
            Cohort.Of([PlantedCohort.Class], slides, "labels.csv", SilentMonitor.Instance)
        );

        Assert.Contains(
            "s005 and s000: were compressed by different encoders",
            error.Message,
            StringComparison.Ordinal
        );
        Assert.Contains("other, 6 channels", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_target_that_does_not_differ_is_refused()
    {
        Assert.Contains(
            "has one class only, x",
            Refused(PlantedCohort.Class, t => t with { Label = "x" }),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "the same value",
            Refused(PlantedCohort.Value, t => t with { Value = 3 }),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "no event",
            Refused(PlantedCohort.Risk, t => t with { Event = false }),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "no slide has a known",
            Refused(PlantedCohort.Value, t => t with { Value = null }),
            StringComparison.Ordinal
        );
    }

    private static string Refused(TargetSpec target, Func<Truth, Truth> change) =>
        Assert
            .Throws<InputException>(() =>
                Cohort.Of(
                    [target],
                    new PlantedCohort(24).All(target).Select(slide => slide with { Truths = [change(slide.Truth)] }),
                    "labels.csv",
                    SilentMonitor.Instance
                )
            )
            .Message;

    private PredictionTable Train(
        PlantedCohort cohort,
        TargetSpec target,
        PredictorOptions? options = null,
        string? run = null,
        int seed = 1,
        int threads = 1,
        bool resume = false
    ) =>
        PredictorTrainer.Train(
            _folder[run ?? Guid.NewGuid().ToString()],
            cohort.For(target),
            null,
            options ?? _brief,
            new Seed(seed),
            threads,
            resume,
            SilentMonitor.Instance,
            TestContext.Current.CancellationToken
        )[0];

    private byte[] Bytes(string run, string file) => File.ReadAllBytes(Path.Combine(_folder[run], file));

    private static double[] Scores(PredictionTable table) => [.. table.Rows.Select(row => row.Score)];

    private static double[] Values(PredictionTable table) => [.. table.Rows.Select(row => row.Value!.Value)];

    private static double Area(PredictionTable table) =>
        RocCurve.Area(
            Scores(table),
            [.. table.Rows.Select(row => string.Equals(row.Label, "low", StringComparison.Ordinal))]
        );

    private static double Concordance(PredictionTable table) =>
        Histonic.Statistics.Survival.Concordance.Harrell(
            [.. table.Rows.Select(row => row.Time!.Value)],
            [.. table.Rows.Select(row => row.Event!.Value)],
            Scores(table)
        );
}
