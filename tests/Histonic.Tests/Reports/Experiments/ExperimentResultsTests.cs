using Histonic.Reports.Evaluation;
using Histonic.Reports.Experiments;
using Histonic.Slides;
using Histonic.Slides.Cohorts;
using Histonic.Statistics.Classification;
using Histonic.Statistics.Survival;

namespace Histonic.Tests.Reports.Experiments;

public sealed class ExperimentResultsTests
{
    private const int Slides = 40;
    private static readonly int[] _seeds = [1, 2];
    private static readonly string[] _names = ["a", "b", "c"];
    private static readonly EvaluationOptions _options = new() { Resamples = 200 };

    [Fact]
    public void Averaged_predictions_are_the_mean_of_the_seeds_probabilities()
    {
        double[][] scores = [Scores(1), Scores(2)];
        var results = Results([.. scores.Select((score, seed) => Entry("a", seed, Classes(score)))], []);

        var positives = Enumerable.Range(0, Slides).Select(IsPositive).ToArray();
        double[] mean = [.. scores[0].Zip(scores[1], (a, b) => (a + b) / 2)];
        var summary = Assert.Single(results.Summaries);
        Assert.Equal(RocCurve.Area(mean, positives), summary.Averaged!.Value.Value, 12);
        Assert.Equal(scores.Average(score => RocCurve.Area(score, positives)), summary.Mean, 12);
        Assert.Equal(
            Math.Abs(RocCurve.Area(scores[0], positives) - RocCurve.Area(scores[1], positives)) / Math.Sqrt(2),
            summary.Spread!.Value,
            12
        );
        Assert.Equal((Slides, Slides / 2), (summary.Slides, summary.Patients));
    }

    [Fact]
    public void Averaged_risks_are_the_mean_ranks_within_folds_whatever_a_fold_adds()
    {
        double[] times = [.. Enumerable.Range(0, Slides).Select(i => 1.0 + i * 7 % Slides)];
        bool[] events = [.. Enumerable.Range(0, Slides).Select(i => i % 3 > 0)];
        var plain = Results([.. _seeds.Select(seed => Entry("a", seed, Risks(Scores(seed), 0)))], []);
        var shifted = Results([.. _seeds.Select(seed => Entry("a", seed, Risks(Scores(seed), 100)))], []);

        Assert.Equal(plain.Summaries[0].Averaged, shifted.Summaries[0].Averaged);
        var ranks = new double[Slides];
        foreach (var seed in _seeds)
        {
            var scores = Scores(seed);
            for (var i = 0; i < Slides; i++)
                ranks[i] += Enumerable.Range(0, Slides).Count(j => j % 2 == i % 2 && scores[j] < scores[i]);
        }

        Assert.Equal(Concordance.Harrell(times, events, ranks), plain.Summaries[0].Averaged!.Value.Value, 12);

        PredictionTable Risks(double[] scores, double shift) =>
            new(
                new TargetSpec.Survival("time", "event"),
                [],
                [
                    .. scores.Select(
                        (score, i) =>
                            new Prediction
                            {
                                Slide = $"s{i:00}",
                                Patient = $"s{i:00}",
                                Fold = i % 2,
                                Time = times[i],
                                Event = events[i],
                                Score = score + shift * (i % 2),
                            }
                    ),
                ]
            );
    }

    [Fact]
    public void Encoders_are_tested_on_the_same_patients_and_corrected_by_Holm_for_all_tests_of_the_target()
    {
        ExperimentEntry[] entries =
        [
            .. _names.Select((name, i) => Entry(name, 1, Classes(Scores(10 + i, strength: i)))),
        ];
        var all = Results(entries, []);
        Assert.Equal(3, all.Comparisons.Count);
        double[] p = [.. all.Comparisons.Select(one => one.Values!.Value.PValue)];
        double[] sorted = [.. p.Order()];
        foreach (var one in all.Comparisons)
        {
            // Holm by its definition: the largest of p(k) (m - k + 1) up to this one
            var own = Array.IndexOf(sorted, one.Values!.Value.PValue);
            var expected = Enumerable.Range(0, own + 1).Max(k => Math.Min(1, sorted[k] * (3 - k)));
            Assert.Equal(expected, one.AdjustedP!.Value, 12);
            Assert.StartsWith("DeLong", one.Test, StringComparison.Ordinal);
        }

        var some = Results(entries, ["b"]);
        Assert.Equal(["a b", "b c"], some.Comparisons.Select(one => $"{one.First} {one.Second}"));
    }

    [Fact]
    public void A_predictor_that_failed_is_stated_and_the_others_count()
    {
        var failed = Entry("a", 2, Classes(Scores(1))) with { Predictions = null, Failure = "no room" };
        var results = Results([Entry("a", 1, Classes(Scores(1))), failed, failed with { Encoder = "b" }], []);

        Assert.Equal((1, 1), (results.Summaries[0].Values.Count, results.Summaries[0].Missing));
        Assert.Equal("no room", results.Summaries[1].Reason);
        Assert.Null(Assert.Single(results.Comparisons).Values);
    }

    private static ExperimentResults Results(ExperimentEntry[] entries, string[] compareWith) =>
        ExperimentResults.Of(entries, compareWith, _options, SilentMonitor.Instance, default);

    private static ExperimentEntry Entry(string encoder, int seed, PredictionTable table) =>
        new(encoder, "mtl", ["x"], seed, 1, "target", table, null, "run");

    private static bool IsPositive(int i) => i % 5 < 2;

    private static double[] Scores(int seed, double strength = 1)
    {
        var random = new Seed(seed).For("scores");
        return
        [
            .. Enumerable
                .Range(0, Slides)
                .Select(i => Math.Clamp(0.3 + (IsPositive(i) ? 0.1 * strength : 0) + 0.4 * random.NextDouble(), 0, 1)),
        ];
    }

    private static PredictionTable Classes(double[] scores) =>
        new(
            new TargetSpec.Classification("target"),
            ["no", "yes"],
            [
                .. scores.Select(
                    (score, i) =>
                        new Prediction
                        {
                            Slide = $"s{i:00}",
                            Patient = $"p{i / 2:00}",
                            Fold = i % 4,
                            Label = IsPositive(i) ? "yes" : "no",
                            Score = score,
                            Probabilities = [1 - score, score],
                            PredictedClass = score > 0.5 ? "yes" : "no",
                        }
                ),
            ]
        );
}
