using Histonic.Statistics;
using Histonic.Statistics.Testing;
using Histonic.Tests.Support;

namespace Histonic.Tests.Statistics.Testing;

/// <summary>Golden values: tests/golden/statistics_classes.R (p.adjust).</summary>
public sealed class MultipleTestingTests
{
    private static readonly double[] _p = [0.01, 0.04, 0.03, 0.005, 0.04, 0.9, 0.5, 0.0002];

    [Fact]
    public void Adjusted_values_are_those_of_p_adjust()
    {
        Same("bonferroni", MultipleTesting.Bonferroni(_p));
        Same("holm", MultipleTesting.Holm(_p));
        Same("BH", MultipleTesting.BenjaminiHochberg(_p));
        Same("BY", MultipleTesting.BenjaminiYekutieli(_p));

        static void Same(string method, double[] adjusted)
        {
            var golden = GoldenTable.Read("statistics_classes.csv");
            for (var i = 0; i < _p.Length; i++)
                Assert.Equal(golden[$"p_{method}_{i}"], adjusted[i], 1e-12);
        }
    }

    [Fact]
    public void None_stays_none_one_stays_itself_and_what_is_no_p_value_is_refused()
    {
        Assert.Empty(MultipleTesting.Holm([]));
        Assert.Equal([0.3], MultipleTesting.Holm([0.3]));
        Assert.Equal([0.3], MultipleTesting.BenjaminiYekutieli([0.3]));
        Assert.Throws<StatisticsException>(() => MultipleTesting.Bonferroni([0.3, 1.1]));
        Assert.Throws<StatisticsException>(() => MultipleTesting.BenjaminiHochberg([double.NaN]));
    }
}
