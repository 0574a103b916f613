using Histonic.Statistics;
using Histonic.Statistics.Intervals;

namespace Histonic.Tests.Statistics.Intervals;

public sealed class BootstrapTests
{
    private static readonly double[] _values = [.. Enumerable.Range(0, 100).Select(i => (double)(i * 37 % 101))];

    [Fact]
    public void The_same_seed_gives_the_same_interval_and_another_seed_another()
    {
        var first = Bootstrap.Percentile(100, 1, MeanOf, 200);

        Assert.Equal(first, Bootstrap.Percentile(100, 1, MeanOf, 200));
        Assert.NotEqual(first, Bootstrap.Percentile(100, 2, MeanOf, 200));
    }

    [Fact]
    public void The_interval_of_a_mean_has_the_width_that_theory_gives()
    {
        var estimate = Bootstrap.Percentile(100, 7, MeanOf, 4000);

        var mean = _values.Average();
        var error = Math.Sqrt(_values.Average(value => (value - mean) * (value - mean)) / 100);
        Assert.Equal(mean, estimate.Value, 1e-9);
        Assert.InRange((estimate.High - estimate.Low) / (2 * 1.959964 * error), 0.94, 1.06);
        Assert.InRange(mean, estimate.Low, estimate.High);
        Assert.Equal(100, estimate.N);
    }

    [Fact]
    public void Rows_of_one_group_are_drawn_together()
    {
        int[] groups = [5, 5, 5, 8, 8, 8, -1, -1, -1, 4, 4, 4];

        Bootstrap.Percentile(
            12,
            3,
            rows =>
            {
                Assert.Equal(12, rows.Length);
                var counts = new int[12];
                foreach (var row in rows)
                    counts[row]++;
                Assert.All(Enumerable.Range(0, 4), g => Assert.Single(counts.Skip(3 * g).Take(3).Distinct()));
                return counts[0];
            },
            100,
            groups
        );
    }

    [Fact]
    public void Copies_of_rows_in_one_group_do_not_narrow_the_interval()
    {
        int[] patients = [.. Enumerable.Range(0, 400).Select(row => row % 100)];

        var clustered = Bootstrap.Percentile(400, 1, MeanOf, 300, patients);

        Assert.Equal(Bootstrap.Percentile(100, 1, MeanOf, 300).High, clustered.High, 1e-9);
    }

    [Fact]
    public void A_draw_without_both_kinds_is_drawn_again()
    {
        var estimate = Bootstrap.Percentile(5, 11, FirstAndAnother, 500);

        Assert.Equal((1, 1, 1), (estimate.Value, estimate.Low, estimate.High));

        static double FirstAndAnother(ReadOnlySpan<int> rows) =>
            rows.Contains(0) && rows.ContainsAnyExcept(0) ? 1 : throw new StatisticsException("one kind");
    }

    [Fact]
    public void A_statistic_that_hardly_any_draw_has_is_refused()
    {
        var error = Assert.Throws<StatisticsException>(() =>
            Bootstrap.Percentile(
                20,
                1,
                rows => rows.ToArray().Distinct().Count() == 20 ? 1 : throw new StatisticsException("not all"),
                100
            )
        );

        Assert.Contains("most resamples", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void NaN_one_row_and_one_patient_are_refused()
    {
        Assert.Throws<StatisticsException>(() => Bootstrap.Percentile(3, 1, _ => double.NaN));
        Assert.Throws<StatisticsException>(() => Bootstrap.Percentile(1, 1, MeanOf));
        Assert.Throws<StatisticsException>(() => Bootstrap.Percentile(3, 1, MeanOf, groups: [2, 2, 2]));
        Assert.Throws<ArgumentOutOfRangeException>(() => Bootstrap.Percentile(3, 1, MeanOf, level: 95));
    }

    [Fact]
    public void The_difference_of_a_statistic_from_itself_is_0_and_of_one_surely_larger_is_sure()
    {
        var same = Bootstrap.Difference(100, 1, MeanOf, MeanOf, 200);
        var larger = Bootstrap.Difference(100, 1, rows => MeanOf(rows) + 3, MeanOf, 199);

        Assert.Equal((0, 0, 0, 1), (same.Difference.Value, same.Difference.Low, same.Difference.High, same.PValue));
        Assert.Equal(3, larger.Difference.Low, 1e-9);
        Assert.Equal(2 / 200.0, larger.PValue);
        Assert.Equal(Bootstrap.Percentile(100, 1, MeanOf, 200), same.First);
    }

    [Fact]
    public void Under_the_null_hypothesis_the_p_of_a_difference_is_about_uniform()
    {
        var random = new Random(8);
        var small = 0;
        for (var trial = 0; trial < 200; trial++)
        {
            double[] a = [.. Enumerable.Range(0, 60).Select(_ => random.NextDouble())],
                b = [.. Enumerable.Range(0, 60).Select(_ => random.NextDouble())];
            var p = Bootstrap.Difference(60, trial, rows => Mean(a, rows), rows => Mean(b, rows), 199).PValue;
            small += p <= 0.1 ? 1 : 0;
        }

        // binomial of 200 draws at 0.1: 8 to 36 is four standard errors and the test's small liberality
        Assert.InRange(small, 8, 38);

        static double Mean(double[] values, ReadOnlySpan<int> rows)
        {
            var sum = 0.0;
            foreach (var row in rows)
                sum += values[row];
            return sum / rows.Length;
        }
    }

    private static double MeanOf(ReadOnlySpan<int> rows)
    {
        var sum = 0.0;
        foreach (var row in rows)
            sum += _values[row % 100];
        return sum / rows.Length;
    }
}
