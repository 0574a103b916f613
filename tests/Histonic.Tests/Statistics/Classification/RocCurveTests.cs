using CsCheck;
using Histonic.Statistics;
using Histonic.Statistics.Classification;
using Histonic.Tests.Support;

namespace Histonic.Tests.Statistics.Classification;

/// <summary>Golden values: tests/golden/statistics_scores.py (scikit-learn).</summary>
public sealed class RocCurveTests
{
    private static readonly Gen<(double[] Scores, bool[] Positives)> _rows = Gen.Select(
            Gen.Int[-5, 5].Select(score => (double)score),
            Gen.Bool
        )
        .Array[2, 40]
        .Select(rows => (rows.Select(row => row.Item1).ToArray(), rows.Select(row => row.Item2).ToArray()))
        .Where(rows => rows.Item2.Contains(true) && rows.Item2.Contains(false));

    [Fact]
    public void Area_is_that_of_scikit_learn()
    {
        var data = GoldenTable.Read("statistics_random.csv");

        Assert.Equal(
            GoldenTable.Read("statistics_scores.csv")["auc"],
            RocCurve.Area(data.Numbers("score"), data.Truths("positive")),
            1e-12
        );
    }

    [Fact]
    public void Area_counts_pairs_and_is_the_trapezoidal_area_of_the_points() =>
        _rows.Sample(rows =>
        {
            var won = rows
                .Scores.Where((_, i) => rows.Positives[i])
                .SelectMany(positive =>
                    rows.Scores.Where((_, i) => !rows.Positives[i]).Select(n => (Math.Sign(positive - n) + 1) / 2.0)
                )
                .Average();
            var points = RocCurve.Points(rows.Scores, rows.Positives);
            var area = points
                .Zip(points.Skip(1))
                .Sum(pair =>
                    (pair.Second.FalsePositiveRate - pair.First.FalsePositiveRate)
                    * (pair.First.TruePositiveRate + pair.Second.TruePositiveRate)
                    / 2
                );

            Assert.Equal(won, RocCurve.Area(rows.Scores, rows.Positives), 12);
            Assert.Equal(won, area, 12);
        });

    [Fact]
    public void Area_does_not_change_under_a_rising_map_and_turns_over_with_the_sign() =>
        _rows.Sample(rows =>
        {
            var area = RocCurve.Area(rows.Scores, rows.Positives);

            Assert.Equal(area, RocCurve.Area([.. rows.Scores.Select(Math.Exp)], rows.Positives));
            Assert.Equal(1 - area, RocCurve.Area([.. rows.Scores.Select(score => -score)], rows.Positives), 12);
        });

    [Fact]
    public void Points_run_from_the_origin_to_1_1_and_each_is_what_its_threshold_gives() =>
        _rows.Sample(rows =>
        {
            var points = RocCurve.Points(rows.Scores, rows.Positives);

            Assert.Equal(new(0, 0, double.PositiveInfinity), points[0]);
            Assert.Equal((1, 1), (points[^1].FalsePositiveRate, points[^1].TruePositiveRate));
            Assert.Equal(rows.Scores.Distinct().OrderDescending(), points.Skip(1).Select(point => point.Threshold));
            foreach (var point in points)
            {
                double Rate(bool kind) =>
                    rows.Scores.Where((score, i) => rows.Positives[i] == kind && score >= point.Threshold).Count()
                    / (double)rows.Positives.Count(positive => positive == kind);
                Assert.Equal((Rate(false), Rate(true)), (point.FalsePositiveRate, point.TruePositiveRate));
            }
        });

    [Theory, InlineData(true, "all 2 rows are positive"), InlineData(false, "all 2 rows are negative")]
    public void One_class_is_refused_by_name(bool positive, string told)
    {
        var error = Assert.Throws<StatisticsException>(() => RocCurve.Area([1, 2], [positive, positive]));

        Assert.Contains(told, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Macro_area_of_four_classes_is_the_mean_of_scikit_learns()
    {
        var data = GoldenTable.Read("statistics_random.csv");
        var columns = Enumerable.Range(0, 4).Select(k => data.Numbers($"p{k}")).ToArray();
        var truth = data.Integers("truth");

        Assert.Equal(
            GoldenTable.Read("statistics_scores.csv")["auc_ovr_macro"],
            OneVersusRest.MacroArea(
                [.. Enumerable.Range(0, truth.Length).SelectMany(row => columns.Select(column => column[row]))],
                truth,
                4
            ),
            1e-12
        );
    }

    [Fact]
    public void Macro_area_leaves_an_absent_class_out_and_refuses_a_single_one()
    {
        Assert.Equal(1, OneVersusRest.MacroArea([0.8, 0.1, 0.1, 0.2, 0.7, 0.1], [0, 1], 3));
        Assert.Throws<StatisticsException>(() => OneVersusRest.MacroArea([0.8, 0.2, 0.9, 0.1], [0, 0], 2));
    }
}
