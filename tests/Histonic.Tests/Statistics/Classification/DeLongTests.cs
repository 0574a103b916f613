using CsCheck;
using Histonic.Statistics;
using Histonic.Statistics.Classification;
using Histonic.Statistics.Intervals;
using Histonic.Tests.Support;

namespace Histonic.Tests.Statistics.Classification;

/// <summary>Golden values: tests/golden/statistics_classes.R (pROC).</summary>
public sealed class DeLongTests
{
    private static readonly GoldenTable _data = GoldenTable.Read("statistics_random.csv");
    private static readonly GoldenTable _golden = GoldenTable.Read("statistics_classes.csv");
    private static readonly double[] _scores = _data.Numbers("score");
    private static readonly double[] _second = _data.Numbers("y");
    private static readonly bool[] _positives = _data.Truths("positive");

    [Fact]
    public void Interval_is_that_of_pROC()
    {
        var plain = DeLong.Area(_scores, _positives);
        var logit = DeLong.Area(_scores, _positives, logit: true);

        Assert.Equal(RocCurve.Area(_scores, _positives), plain.Value);
        Assert.Equal(_golden["delong_low"], plain.Low, 1e-10);
        Assert.Equal(_golden["delong_high"], plain.High, 1e-10);
        Assert.Equal(_golden["delong_logit_low"], logit.Low, 1e-10);
        Assert.Equal(_golden["delong_logit_high"], logit.High, 1e-10);
    }

    [Fact]
    public void Paired_test_is_that_of_pROC()
    {
        var test = DeLong.Compare(_scores, _second, _positives);

        Assert.Equal(_golden["delong_second"], test.Second.Value, 1e-10);
        Assert.Equal(_golden["delong_p"], test.PValue, 1e-10);
        Assert.Equal(_golden["delong_difference_low"], test.Difference.Low, 1e-10);
        Assert.Equal(_golden["delong_difference_high"], test.Difference.High, 1e-10);
    }

    [Fact]
    public void Rows_of_patients_have_the_variance_of_Obuchowskis_definition()
    {
        int[] groups = [.. Enumerable.Range(0, _scores.Length).Select(row => row % 50)];

        var one = DeLong.Area(_scores, _positives, groups: groups);
        var two = DeLong.Compare(_scores, _second, _positives, groups: groups);

        Assert.Equal(Width(_golden["obuchowski_variance"]), one.High - one.Value, 1e-10);
        Assert.Equal(
            Width(_golden["obuchowski_difference_variance"]),
            two.Difference.High - two.Difference.Value,
            1e-10
        );

        static double Width(double variance) => 1.959963984540054 * Math.Sqrt(variance);
    }

    [Fact]
    public void Copies_of_the_rows_of_every_patient_do_not_narrow_the_interval()
    {
        var once = DeLong.Area(_scores, _positives);
        var thrice = DeLong.Area(
            [.. _scores, .. _scores, .. _scores],
            [.. _positives, .. _positives, .. _positives],
            groups: [.. Enumerable.Range(0, 3 * _scores.Length).Select(row => row % _scores.Length)]
        );

        Assert.Equal(once.Low, thrice.Low, 1e-12);
        Assert.Equal(once.High, thrice.High, 1e-12);
    }

    [Fact]
    public void The_variance_equals_that_of_all_pairs_counted() =>
        Gen.Select(Gen.Int[-5, 5].Select(score => (double)score), Gen.Bool)
            .Array[4, 40]
            .Where(rows => rows.Count(row => row.Item2) is var m && m > 1 && m < rows.Length - 1)
            .Sample(rows =>
            {
                double[] high = [.. rows.Where(row => row.Item2).Select(row => row.Item1)],
                    low = [.. rows.Where(row => !row.Item2).Select(row => row.Item1)];
                double[] above = [.. high.Select(p => low.Average(n => (Math.Sign(p - n) + 1) / 2.0))],
                    below = [.. low.Select(n => high.Average(p => (Math.Sign(p - n) + 1) / 2.0))];
                var error = Math.Sqrt((Variance(above) / high.Length) + (Variance(below) / low.Length));
                var area = DeLong.Area([.. rows.Select(row => row.Item1)], [.. rows.Select(row => row.Item2)], 0.5);

                Assert.Equal(Math.Min(1, area.Value + (0.674489750196082 * error)), area.High, 1e-7);
            });

    [Fact]
    public void The_interval_and_the_p_value_lie_near_those_of_the_bootstrap()
    {
        var delong = DeLong.Compare(_scores, _second, _positives);
        var bootstrap = Bootstrap.Difference(
            _scores.Length,
            5,
            rows => RocCurve.Area(At(_scores, rows), At(_positives, rows)),
            rows => RocCurve.Area(At(_second, rows), At(_positives, rows)),
            4000
        );

        Assert.Equal(delong.Difference.Value, bootstrap.Difference.Value, 12);
        Assert.Equal(delong.First.Low, bootstrap.First.Low, 0.02);
        Assert.Equal(delong.Difference.Low, bootstrap.Difference.Low, 0.02);
        Assert.Equal(delong.Difference.High, bootstrap.Difference.High, 0.02);
        Assert.Equal(delong.PValue, bootstrap.PValue, 0.05);

        static T[] At<T>(T[] values, ReadOnlySpan<int> rows)
        {
            var drawn = new T[rows.Length];
            for (var i = 0; i < rows.Length; i++)
                drawn[i] = values[rows[i]];
            return drawn;
        }
    }

    [Fact]
    public void Perfect_scores_give_the_point_and_a_score_does_not_differ_from_itself()
    {
        var perfect = DeLong.Area([1, 2, 3, 4], [false, false, true, true], logit: true);
        var same = DeLong.Compare(_scores, [.. _scores.Select(s => 2 * s)], _positives);

        Assert.Equal((1, 1, 1), (perfect.Value, perfect.Low, perfect.High));
        Assert.Equal((0, 1), (same.Difference.Value, same.PValue));
    }

    [Fact]
    public void Perfect_against_none_right_has_no_test()
    {
        var error = Assert.Throws<StatisticsException>(() =>
            DeLong.Compare([1, 2, 3, 4], [4, 3, 2, 1], [false, false, true, true])
        );

        Assert.Contains("no variance can be estimated", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void One_class_a_single_positive_NaN_and_a_wrong_level_are_refused()
    {
        Assert.Throws<StatisticsException>(() => DeLong.Area([1, 2], [true, true]));
        Assert.Throws<StatisticsException>(() => DeLong.Area([1, 2, double.NaN, 3], [true, false, true, false]));
        Assert.Throws<ArgumentOutOfRangeException>(() => DeLong.Area(_scores, _positives, 95));
        var error = Assert.Throws<StatisticsException>(() => DeLong.Area([1, 2, 3], [true, false, false]));
        Assert.Contains("there are 1 and 2", error.Message, StringComparison.Ordinal);
    }

    private static double Variance(double[] values)
    {
        var mean = values.Average();
        return values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1);
    }
}
