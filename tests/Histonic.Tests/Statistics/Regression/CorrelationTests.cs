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

    [Fact]
    public void Fishers_interval_and_the_p_value_are_those_of_R()
    {
        var data = GoldenTable.Read("statistics_random.csv");
        var golden = GoldenTable.Read("statistics_classes.csv");
        double[] x = data.Numbers("x"),
            y = data.Numbers("y");

        var estimate = Correlation.PearsonInterval(x, y);

        Assert.Equal(golden["pearson_low"], estimate.Low, 1e-10);
        Assert.Equal(golden["pearson_high"], estimate.High, 1e-10);
        Assert.Equal(golden["pearson_p"], Correlation.PearsonPValue(x, y), 1e-12);
        Assert.Equal(
            GoldenTable.Read("statistics_scores.csv")["spearman_p"],
            Correlation.PearsonPValue(Ranks.Mid(x), Ranks.Mid(y)),
            1e-12
        );
    }

    [Fact]
    public void Spearmans_interval_is_Fishers_on_a_wider_scale()
    {
        // ρ = 0.8 of 5 ranks: atanh 0.8 ± z·√(1.32 / 2)
        var estimate = Correlation.SpearmanInterval([1, 2, 3, 4, 5], [2, 1, 4, 3, 5]);

        var width = 1.959963984540054 * Math.Sqrt(1.32 / 2);
        Assert.Equal(0.8, estimate.Value, 1e-12);
        Assert.Equal(Math.Tanh(Math.Atanh(0.8) - width), estimate.Low, 1e-9);
    }

    [Fact]
    public void A_perfect_correlation_is_the_point_and_three_rows_have_no_interval()
    {
        var perfect = Correlation.PearsonInterval([1, 2, 3, 4], [2, 4, 6, 8]);

        Assert.Equal((1, 1, 1), (perfect.Value, perfect.Low, perfect.High));
        Assert.Throws<StatisticsException>(() => Correlation.SpearmanInterval([1, 2, 3], [2, 1, 3]));
        Assert.Throws<StatisticsException>(() => Correlation.PearsonPValue([1, 2], [2, 1]));
        Assert.Throws<StatisticsException>(() => Correlation.PearsonInterval([1, 1, 1, 1], [2, 1, 3, 4]));
    }
}
