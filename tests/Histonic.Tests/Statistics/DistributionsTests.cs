using System.Globalization;
using Histonic.Statistics;
using Histonic.Tests.Support;

namespace Histonic.Tests.Statistics;

/// <summary>Golden values: tests/golden/statistics_scores.py (SciPy).</summary>
public sealed class DistributionsTests
{
    [Fact]
    public void Each_is_that_of_SciPy_to_a_relative_1e_11()
    {
        var golden = GoldenTable.Read("statistics_scores.csv");
        var tried = 0;
        foreach (var name in golden.Text("name"))
        {
            var numbers = name.Split('_').Reverse().Take(2).Select(Number).ToArray();
            double? value =
                name.StartsWith("normal_quantile", StringComparison.Ordinal) ? Distributions.NormalQuantile(numbers[0])
                : name.StartsWith("normal", StringComparison.Ordinal) ? Distributions.Normal(numbers[0])
                : name.StartsWith("chi_square", StringComparison.Ordinal)
                    ? Distributions.ChiSquareAbove(numbers[1], (int)numbers[0])
                : null;
            if (value is null)
                continue;
            tried++;
            Assert.True(Math.Abs((value.Value / golden[name]) - 1) < 1e-11, $"{name}: {value:R}, not {golden[name]:R}");
        }

        Assert.Equal(12, tried);
    }

    private static double Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : double.NaN;
}
