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

    [Fact]
    public void Students_t_is_that_of_R()
    {
        var golden = GoldenTable.Read("statistics_classes.csv");
        foreach (var (t, degrees) in new[] { (2.1, 3), (0.4, 1), (-12, 30), (1.96, 1000) })
            Close(
                golden[FormattableString.Invariant($"student_{t}_{degrees}")],
                Distributions.StudentTwoSided(t, degrees)
            );
        foreach (var degrees in new[] { 1, 2, 7, 400 })
            Close(golden[$"student_quantile_{degrees}"], Distributions.StudentQuantile(0.95, degrees));

        static void Close(double expected, double actual) => Assert.Equal(1, actual / expected, 1e-11);
    }
}
