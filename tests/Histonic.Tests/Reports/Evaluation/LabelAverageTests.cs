using System.Text.Json.Nodes;
using Histonic.Reports.Evaluation;
using Histonic.Reports.Pages;
using Histonic.Slides.Cohorts;
using Histonic.Statistics.Classification;
using Histonic.Tests.Support;

namespace Histonic.Tests.Reports.Evaluation;

public sealed class LabelAverageTests : IDisposable
{
    private static readonly EvaluationOptions _options = new() { Resamples = 400 };
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void An_average_is_the_mean_of_the_labels_figures_over_the_slides_that_know_each()
    {
        var tables = Labels(slides: 60, folds: 2, (slide, label) => label == 1 && slide % 3 == 0);

        var figures = RunFigures.Of(tables, _options, "p");

        var average = Assert.Single(figures.Averages);
        Assert.Equal(["er", "pr", "her2"], average.Labels);
        Assert.Equal([60, 40, 60], figures.Targets.Select(target => target.Pooled.Slides));
        Assert.Equal(60, average.Pooled.Slides);
        Assert.Equal(
            tables.Average(table =>
            {
                var known = table.Rows.Where(row => row.IsLabelled).ToArray();
                return RocCurve.Area([.. known.Select(row => row.Score)], [.. known.Select(row => row.Label is "1")]);
            }),
            average.Pooled["auc"].Estimate!.Value.Value,
            1e-12
        );
        foreach (var key in new[] { "auc", "average_precision", "balanced_accuracy", "f1", "brier" })
        {
            Assert.Equal(
                figures.Targets.Average(target => target.Pooled[key].Estimate!.Value.Value),
                average.Pooled[key].Estimate!.Value.Value,
                1e-12
            );
            foreach (var fold in average.Folds)
                Assert.Equal(
                    figures.Targets.Average(target =>
                        target.Folds.Single(one => one.Fold == fold.Fold)[key].Estimate!.Value.Value
                    ),
                    fold[key].Estimate!.Value.Value,
                    1e-12
                );
        }

        // labels that have nothing to do with each other: the mean is surer than each
        double Width(Score score) => score.Estimate!.Value.High - score.Estimate!.Value.Low;
        Assert.True(
            Width(average.Pooled["auc"]) < figures.Targets.Average(target => Width(target.Pooled["auc"])),
            "a mean of three is no surer than one"
        );
    }

    [Fact]
    public void Where_one_label_is_not_determined_the_average_says_which()
    {
        var tables = Labels(slides: 40, folds: 2, (_, _) => false);
        tables[1] = tables[1] with
        {
            Rows = [.. tables[1].Rows.Select(row => row.Fold == 2 ? row with { Label = "0" } : row)],
        };

        var average = RunFigures.Of(tables, _options, "p").Averages.Single();

        Assert.NotNull(average.Pooled["auc"].Estimate);
        Assert.Equal("pr: all 20 slides are of class 0", average.Folds[1]["auc"].Reason);
    }

    [Fact]
    public void Files_and_page_tell_each_label_and_their_mean()
    {
        var tables = Labels(slides: 40, folds: 2, (_, _) => false);
        RunReport.Write(_folder["run"], tables, "p", _options, "Made up.", []);

        var root = JsonNode.Parse(File.ReadAllText(_folder["run/metrics.json"]))!;
        Assert.Equal(["er", "pr", "her2"], root["targets"]!.AsObject().Select(target => target.Key));
        var mean = root["label_averages"]!["er, pr, her2"]!;
        Assert.Equal(["value", "low", "high", "n"], mean["pooled"]!["auc"]!.AsObject().Select(pair => pair.Key));
        Assert.Equal(tables.Select(table => table.Target), MetricsFile.ReadTargets(_folder["run/metrics.json"]));
        Assert.Equal(40, MetricsFile.Read(_folder["run/metrics.json"], "pr").Pooled["auc"].N);
        var html = File.ReadAllText(_folder["run/report.html"]);
        foreach (var told in new[] { "Classification: er", "Classification: her2", "Mean of er, pr, her2" })
            Assert.Contains(told, html, StringComparison.Ordinal);
    }

    private static PredictionTable[] Labels(int slides, int folds, Func<int, int, bool> isHidden)
    {
        string[] names = ["er", "pr", "her2"];
        var random = new Random(4);
        return
        [
            .. names.Select(
                (name, label) =>
                    new PredictionTable(
                        new TargetSpec.Label(name, string.Join(',', names)),
                        ["0", "1"],
                        [
                            .. Enumerable
                                .Range(0, slides)
                                .Select(i =>
                                {
                                    var holds = random.Next(2) == 1;
                                    var score = (random.NextDouble() * 0.7) + (holds ? 0.3 : 0);
                                    return new Prediction
                                    {
                                        Slide = $"s{i}",
                                        Patient = $"p{i / 2}",
                                        Fold = 1 + (i % folds),
                                        Label =
                                            isHidden(i, label) ? null
                                            : holds ? "1"
                                            : "0",
                                        PredictedClass = score >= 0.5 ? "1" : "0",
                                        Score = score,
                                        Probabilities = [1 - score, score],
                                    };
                                }),
                        ]
                    )
            ),
        ];
    }
}
