using CsCheck;
using Histonic.Statistics;
using Histonic.Statistics.Classification;
using Histonic.Tests.Support;

namespace Histonic.Tests.Statistics.Classification;

/// <summary>Golden values: tests/golden/statistics_scores.py (scikit-learn).</summary>
public sealed class PrecisionRecallTests
{
    private static readonly GoldenTable _data = GoldenTable.Read("statistics_random.csv");
    private static readonly GoldenTable _golden = GoldenTable.Read("statistics_scores.csv");

    [Fact]
    public void Average_precision_and_curve_are_those_of_scikit_learn()
    {
        double[] scores = _data.Numbers("score");
        bool[] positives = _data.Truths("positive");

        var points = PrecisionRecall.Points(scores, positives);

        Assert.Equal(_golden["average_precision"], PrecisionRecall.Average(scores, positives), 1e-12);
        Assert.Equal(_golden["precision_recall_points"], points.Count);
        Assert.Equal(
            _golden["precision_recall_trapezium"],
            points
                .Zip(points.Skip(1))
                .Sum(p => (p.Second.Recall - p.First.Recall) * (p.First.Precision + p.Second.Precision) / 2),
            1e-12
        );
    }

    [Fact]
    public void Macro_average_of_four_classes_is_the_mean_of_scikit_learns()
    {
        var truth = _data.Integers("truth");
        var columns = Enumerable.Range(0, 4).Select(k => _data.Numbers($"p{k}")).ToArray();

        Assert.Equal(
            _golden["average_precision_macro"],
            OneVersusRest.MacroAveragePrecision(
                [.. Enumerable.Range(0, truth.Length).SelectMany(row => columns.Select(column => column[row]))],
                truth,
                4
            ),
            1e-12
        );
        Assert.Throws<StatisticsException>(() => OneVersusRest.MacroAveragePrecision([0.8, 0.2, 0.9, 0.1], [0, 0], 2));
    }

    [Fact]
    public void It_equals_a_sum_over_thresholds() =>
        Gen.Select(Gen.Int[-5, 5].Select(score => (double)score), Gen.Bool)
            .Array[2, 40]
            .Where(rows => rows.Any(row => row.Item2) && rows.Any(row => !row.Item2))
            .Sample(rows =>
            {
                double all = rows.Count(row => row.Item2),
                    sum = 0;
                foreach (var threshold in rows.Select(row => row.Item1).Distinct())
                {
                    double hits = rows.Count(row => row.Item2 && row.Item1 >= threshold),
                        gained = rows.Count(row => row.Item2 && row.Item1 == threshold);
                    sum += gained / all * hits / rows.Count(row => row.Item1 >= threshold);
                }

                var estimate = PrecisionRecall.AverageInterval(
                    [.. rows.Select(row => row.Item1)],
                    [.. rows.Select(row => row.Item2)]
                );
                Assert.Equal(sum, estimate.Value, 12);
                Assert.InRange(estimate.Value, estimate.Low, estimate.High);
                Assert.InRange(estimate.Low, 0, 1);
            });

    [Fact]
    public void The_logit_interval_is_the_formula_of_Boyd()
    {
        // AP of + − + by descending score: (1 + 2/3)/2; se of the logit 1/√(2·AP·(1 − AP))
        var estimate = PrecisionRecall.AverageInterval([3, 2, 1], [true, false, true]);

        var logit = Math.Log((5 / 6.0) / (1 / 6.0));
        var width = 1.959963984540054 / Math.Sqrt(2 * 5 / 36.0);
        Assert.Equal(5 / 6.0, estimate.Value, 1e-12);
        Assert.Equal(1 / (1 + Math.Exp(width - logit)), estimate.Low, 1e-9);
        Assert.Equal(1 / (1 + Math.Exp(-width - logit)), estimate.High, 1e-9);
    }

    [Fact]
    public void Perfect_is_the_point_and_one_class_or_NaN_is_refused()
    {
        Assert.Equal(new Estimate(1, 1, 1, 2), PrecisionRecall.AverageInterval([1, 2], [false, true]));
        Assert.Throws<StatisticsException>(() => PrecisionRecall.Average([1, 2], [false, false]));
        Assert.Throws<StatisticsException>(() => PrecisionRecall.Average([1, double.NaN], [false, true]));
        Assert.Throws<StatisticsException>(() => PrecisionRecall.Average([], []));
    }
}
