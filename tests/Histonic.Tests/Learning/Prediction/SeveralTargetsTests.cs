using Histonic.Learning.Explanation;
using Histonic.Learning.Prediction;
using Histonic.Reports.Evaluation;
using Histonic.Slides;
using Histonic.Slides.Cohorts;
using Histonic.Tests.Support;

namespace Histonic.Tests.Learning.Prediction;

/// <summary>One network, several targets.</summary>
[NoTensorLeaks]
public sealed class SeveralTargetsTests : IDisposable
{
    private static readonly IReadOnlyList<TargetSpec> _three = PlantedCohort.Targets;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("cnn")]
    [InlineData("mean")]
    public void A_target_that_half_of_the_slides_do_not_know_is_learnt_beside_the_others(string model)
    {
        // the class is hidden of half of the patients, the survival of others; every slide knows something
        var cohort = new PlantedCohort(Slides: 96, Seed: 8).For(
            _three,
            (slide, target) => target == 0 ? slide % 4 < 2 : target == 2 && slide % 3 == 0
        );

        var tables = Train(cohort, new PredictorOptions { Model = model, Epochs = 40 }, "run");

        Assert.Equal([48, 96, 64], tables.Select(table => table.Rows.Count(row => row.IsLabelled)));
        Assert.All(tables, table => Assert.Equal(96, table.Rows.Count)); // also those whose truth is not known
        Assert.InRange(Judged(tables[0]), 0.85, 1); // AUC
        Assert.InRange(Judged(tables[1]), 0.7, 1); // Spearman
        Assert.InRange(Judged(tables[2]), 0.62, 1); // C
        Assert.InRange(tables[1].Rows.Average(row => row.Score), 1000, 1040); // in its own units
    }

    [Fact]
    public void The_same_seed_writes_the_same_bytes_and_a_run_that_was_stopped_goes_on_to_them()
    {
        var cohort = new PlantedCohort(24).For(_three, (slide, target) => (slide + target) % 5 == 0);
        var options = new PredictorOptions
        {
            Epochs = 3,
            Loss = "score=huber,months=hazards",
            TargetWeights = "score=0.25",
        };
        Train(cohort, options, "a");
        Train(cohort, options, "b", threads: 3);
        Train(cohort, options, "stopped");
        Directory.Delete(_folder["stopped/fold-3"], recursive: true);
        Train(cohort, options, "stopped", resume: true);

        foreach (var file in Directory.GetFiles(_folder["a"], "*", SearchOption.AllDirectories))
        {
            var name = Path.GetRelativePath(_folder["a"], file);
            Assert.Equal(File.ReadAllBytes(file), File.ReadAllBytes(_folder[$"b/{name}"]));
            Assert.Equal(File.ReadAllBytes(file), File.ReadAllBytes(_folder[$"stopped/{name}"]));
        }

        Assert.Equal(
            "epoch,training_loss,validation_loss,validation_skill,grade:validation_auc,score:validation_spearman,months:validation_c_index,learning_rate,best",
            File.ReadLines(_folder["a/fold-1/log.csv"]).First()
        );
        Assert.Equal(
            "slide,patient,fold,split,grade,grade:prediction,grade:prediction_high,grade:prediction_low,score,score:prediction,months,died,months:prediction",
            File.ReadLines(_folder["a/predictions.csv"]).First()
        );
    }

    [Fact]
    public void A_fold_that_was_stopped_becomes_the_same_network()
    {
        var cohort = new PlantedCohort(24).For(_three, (slide, target) => (slide + target) % 5 == 0);
        var whole = Fold("whole", null);
        Assert.Throws<OperationCanceledException>(() => Fold("part", 4));
        Assert.True(File.Exists(_folder["part/checkpoint.safetensors"]));

        var resumed = Fold("part", null);
        Assert.Equal(whole.Weights, resumed.Weights);
        Assert.Equal(whole.Skill, resumed.Skill);
        Assert.Equal(whole.Metrics, resumed.Metrics);

        (byte[][] Weights, List<double?> Skill, string Metrics) Fold(string folder, int? stop)
        {
            using var chance = new TorchSharp.torch.Generator(5);
            var heads = TargetHeads.For(Targets(cohort));
            using var network = SlideNetworks.Create("cnn", 10, cohort.Channels, heads.Outputs, chance, heads.Count);
            List<TrainedEpoch> log = [];
            FoldTrainer.Train(
                network,
                heads,
                [.. cohort.Slides.Take(16)],
                [.. cohort.Slides.Skip(16)],
                new PredictorOptions
                {
                    Epochs = 8,
                    BatchSize = 8,
                    LearningRate = 0.01,
                },
                new Seed(3),
                new FoldCheckpoint(_folder[$"{folder}/checkpoint.safetensors"], TimeSpan.Zero),
                epoch =>
                {
                    if (epoch.Epoch == stop)
                        throw new OperationCanceledException();
                    log.Add(epoch);
                },
                TestContext.Current.CancellationToken
            );
            return (
                [.. network.state_dict().OrderBy(one => one.Key).Select(one => one.Value.bytes.ToArray())],
                log.ConvertAll(epoch => epoch.Metric),
                string.Join(';', log.SelectMany(epoch => epoch.TargetMetrics))
            );
        }
    }

    [Fact]
    public void A_new_slide_is_predicted_for_every_target_and_each_is_explained()
    {
        var planted = new PlantedCohort(Slides: 72, Seed: 8);
        Train(planted.For(_three), new PredictorOptions { Epochs = 40 }, "run");
        using var run = PredictorRun.Open(_folder["run"]);
        var random = new Random(99);

        var little = run.Predict(planted.Slide("a", 0.02, random), TestContext.Current.CancellationToken);
        var much = run.Predict(planted.Slide("b", 0.38, random), TestContext.Current.CancellationToken);

        Assert.Equal(_three, run.Targets.Select(target => target.Spec));
        Assert.Equal(("low", "high"), (little[0].PredictedClass, much[0].PredictedClass));
        Assert.True(little[1].Score < much[1].Score);
        Assert.True(little[2].Score < much[2].Score);
        Assert.All([.. little, .. much], one => Assert.True(one.Spread > 0));

        foreach (var name in new[] { "grade", "score", "months" })
        {
            var options = new ExplanationOptions { Target = name, For = name is "grade" ? "high" : null };
            var (lit, dark) = (new List<float>(), new List<float>());
            foreach (var slide in planted.Planted(PlantedCohort.Class).Select(one => one.Grid).Take(8))
            {
                var map = Explainer.Of(run, slide, options, TestContext.Current.CancellationToken);
                foreach (var (n, cell) in slide.Cells.Index())
                    (slide.Embedding(n)[PlantedCohort.Channel] > 12 ? lit : dark).Add(
                        map.Values[(cell.Row * map.Columns) + cell.Column]
                    );
            }

            Assert.True(lit.Average() > 1.1 * dark.Average(), $"{name}: {lit.Average()} against {dark.Average()}");
        }

        var error = Assert.Throws<OptionException>(() =>
            Explainer.Of(
                run,
                planted.Planted(PlantedCohort.Class)[0].Grid,
                new ExplanationOptions(),
                TestContext.Current.CancellationToken
            )
        );
        Assert.Contains("one of grade, score, months", error.Message, StringComparison.Ordinal);
    }

    /// <summary>Two labels that have nothing to do with each other, each seen in a channel of its own.</summary>
    [Fact]
    public void Labels_are_told_apart_where_both_neither_or_one_holds()
    {
        IReadOnlyList<TargetSpec> targets = TargetSpec.From(["er,pr:multilabel"]);
        var random = new Random(11);
        LabelledSlide[] slides =
        [
            .. Enumerable
                .Range(0, 80)
                .Select(i =>
                {
                    bool[] holds = [random.Next(3) == 0, random.Next(2) == 0];
                    var truth = new Truth($"s{i:00}", $"p{i:00}", i + 2);
                    return new LabelledSlide(
                        Grid(truth.Slide, holds, random),
                        [
                            .. holds.Select(
                                (one, label) =>
                                    random.Next(4) == 0 && label == 1 ? truth : truth with { Label = one ? "1" : "0" }
                            ),
                        ]
                    );
                }),
        ];

        var tables = Train(
            Cohort.Of(targets, slides, "labels.csv", SilentMonitor.Instance),
            new PredictorOptions { Epochs = 30 },
            "run"
        );

        var figures = RunFigures.Of(tables, new EvaluationOptions { Resamples = 100 }, "p");
        Assert.All(figures.Targets, target => Assert.InRange(target.Pooled["auc"].Estimate!.Value.Value, 0.9, 1));
        Assert.Equal(
            figures.Targets.Average(target => target.Pooled["auc"].Estimate!.Value.Value),
            figures.Averages.Single().Pooled["auc"].Estimate!.Value.Value,
            1e-12
        );
        // the labels are told of independently: er is as sure where pr holds as where it does not
        Assert.InRange(
            tables[0].Rows.Zip(tables[1].Rows).Count(row => (row.First.Score > 0.5) != (row.Second.Score > 0.5)),
            20,
            60
        );
        using var run = PredictorRun.Open(_folder["run"]);
        Assert.Equal(targets, run.Targets.Select(target => target.Spec));
        // a label has one output: evidence for 0 is what speaks against it
        Assert.Equal((1, 1, 1), run.OutputsOf(1, 1));
        Assert.Equal((1, 1, -1), run.OutputsOf(1, 0));
    }

    [Theory]
    [InlineData("huber", "", "--loss is huber, but must be NAME=LOSS")]
    [InlineData("score=cox", "", "--loss is cox, but must be one of mse, huber for regression")]
    [InlineData("", "grade=0", "--target-weights is 0, but must be a number above 0")]
    [InlineData("", "died=2", "each name once and one of grade, score, months")]
    public void Losses_and_weights_that_fit_no_target_are_refused(string loss, string weights, string told)
    {
        var error = Assert.Throws<OptionException>(() =>
            Train(
                new PlantedCohort(24).For(_three),
                new PredictorOptions { Loss = loss, TargetWeights = weights },
                "run"
            )
        );

        Assert.Contains(told, error.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder["run"]));
    }

    [Fact]
    public void Folds_keep_the_shares_of_every_target_alike()
    {
        var cohort = new PlantedCohort(Slides: 200).For(_three, (slide, target) => target == 0 && slide % 3 == 0);
        var folds = Folds.Make([.. cohort.Slides.Select(slide => slide.Truths)], _three, 4, new Seed(1));

        foreach (
            var holds in new Func<LabelledSlide, bool>[]
            {
                slide => slide.Truths[0].Label is "high",
                slide => slide.Truths[0].Label is "low",
                slide => slide.Truths[2].Event == true,
                slide => slide.Truths[2].Event == false,
                slide => slide.Truths[1].Value > 1020,
            }
        )
        {
            var counts = Enumerable
                .Range(1, 4)
                .Select(fold =>
                    cohort.Slides.Count(slide => folds.Partitions[slide.Truth.Slide] == fold && holds(slide))
                )
                .ToArray();
            Assert.True(counts.Max() - counts.Min() <= 6, string.Join(' ', counts)); // 25 patients of 2 slides a fold
        }

        Assert.All(
            cohort.Slides.GroupBy(slide => slide.Truth.Patient),
            patient => Assert.Single(patient.Select(slide => folds.Partitions[slide.Truth.Slide]).Distinct())
        );
    }

    private static IReadOnlyList<RunTarget> Targets(Cohort cohort) =>
        [
            .. cohort.Targets.Select(target => new RunTarget
            {
                Task = target.Spec.Task,
                Columns = [.. target.Spec.Columns],
                Classes = [.. target.Classes],
                Loss = SlideHead.LossesOf(target.Spec)[0],
            }),
        ];

    private static double Judged(PredictionTable table) =>
        Evaluator.Evaluate(table, new EvaluationOptions { Resamples = 100 }).Pooled.Main.Estimate!.Value.Value;

    private static Histonic.Slides.Grids.CompressedSlide Grid(string name, bool[] holds, Random random)
    {
        const int Side = 8,
            Channels = 5;
        GridCell[] cells = [.. Enumerable.Range(0, Side * Side).Select(i => new GridCell(i / Side, i % Side))];
        var features = new float[cells.Length * Channels];
        for (var i = 0; i < features.Length; i++)
            features[i] = (float)(random.NextDouble() + random.NextDouble() - 1);
        for (var n = 0; n < cells.Length; n++)
        {
            for (var label = 0; label < holds.Length; label++)
            {
                if (random.NextDouble() < (holds[label] ? 0.3 : 0.05))
                    features[(n * Channels) + label] += 4;
            }
        }

        return PlantedCohort.Grid(name, Side, Side, Channels, cells, features);
    }

    private IReadOnlyList<PredictionTable> Train(
        Cohort cohort,
        PredictorOptions options,
        string run,
        int threads = 1,
        bool resume = false
    ) =>
        PredictorTrainer.Train(
            _folder[run],
            cohort,
            null,
            options,
            new Seed(1),
            threads,
            resume,
            SilentMonitor.Instance,
            TestContext.Current.CancellationToken
        );
}
