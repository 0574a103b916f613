using CsCheck;
using Histonic.Statistics;
using Histonic.Statistics.Regression;
using Histonic.Tests.Support;

namespace Histonic.Tests.Statistics.Regression;

/// <summary>Golden values: tests/golden/statistics_scores.py (SciPy).</summary>
public sealed class CorrelationTests
{
    private static readonly GoldenTable _golden = GoldenTable.Read("statistics_scores.csv");
    private static readonly GoldenTable _data = GoldenTable.Read("statistics_random.csv");

    [Fact]
    public void Pearson_and_Spearman_are_those_of_SciPy_with_ties()
    {
        Assert.Equal(_golden["pearson"], Correlation.Pearson(_data.Numbers("x"), _data.Numbers("y")), 1e-12);
        Assert.Equal(_golden["spearman"], Correlation.Spearman(_data.Numbers("x"), _data.Numbers("y")), 1e-12);
    }

    [Fact]
    public void Spearman_is_Pearson_of_the_ranks_and_does_not_change_under_a_rising_map() =>
        Gen.Select(Gen.Int[-4, 4].Select(v => (double)v), Gen.Int[-4, 4].Select(v => (double)v))
            .Array[2, 30]
            .Where(rows => rows.Select(row => row.Item1).Distinct().Skip(1).Any())
            .Where(rows => rows.Select(row => row.Item2).Distinct().Skip(1).Any())
            .Sample(rows =>
            {
                var (x, y) = (rows.Select(row => row.Item1).ToArray(), rows.Select(row => row.Item2).ToArray());
                static double[] RanksOf(double[] v) =>
                    [.. v.Select(a => v.Count(b => b < a) + ((v.Count(b => b == a) + 1) / 2.0))];
                var rho = Correlation.Spearman(x, y);

                Assert.Equal(Correlation.Pearson(RanksOf(x), RanksOf(y)), rho, 12);
                Assert.Equal(rho, Correlation.Spearman([.. x.Select(Math.Exp)], y), 12);
                Assert.Equal(-rho, Correlation.Spearman(x, [.. y.Select(v => -v)]), 12);
            });

    [Theory, InlineData(1e-200), InlineData(1), InlineData(1e200)]
    public void Pearson_of_a_straight_line_is_1_at_any_scale(double scale) =>
        Assert.Equal(1, Correlation.Pearson([1, 2, 4], [scale, 2 * scale, 4 * scale]), 1e-12);

    [Fact]
    public void A_constant_column_is_refused_by_name()
    {
        var error = Assert.Throws<StatisticsException>(() => Correlation.Spearman([1, 2, 3], [7, 7, 7]));

        Assert.Contains("all 3 of the second column are 7", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void One_row_and_NaN_are_refused()
    {
        Assert.Throws<StatisticsException>(() => Correlation.Pearson([1], [1]));
        Assert.Throws<StatisticsException>(() => Correlation.Pearson([1, double.NaN], [1, 2]));
    }
}
