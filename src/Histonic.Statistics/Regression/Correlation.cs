namespace Histonic.Statistics.Regression;

/// <summary>How two columns of numbers go together.</summary>
public static class Correlation
{
    /// <summary>Pearson's product-moment correlation: how near the points lie to a straight line.</summary>
    /// <param name="x">Finite numbers, any unit.</param>
    /// <param name="y">Finite numbers, any unit, in the same order.</param>
    /// <returns>A value in [-1, 1]; 0 is none.</returns>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    /// <exception cref="StatisticsException">Fewer than 2 rows, a column that is constant, or a value that is not finite.</exception>
    public static double Pearson(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        Validate(x, y);
        return Product(x, y);
    }

    /// <summary>
    /// Spearman's rank correlation: Pearson's of the ranks, tied values sharing the mean of their ranks (as SciPy and R do);
    /// how near the points are to any rising curve (Spearman, Am J Psychol 1904; 15:72-101).
    /// </summary>
    /// <param name="x">Finite numbers; only their order counts.</param>
    /// <param name="y">Finite numbers, in the same order of rows.</param>
    /// <returns>A value in [-1, 1]; 0 is none.</returns>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    /// <exception cref="StatisticsException">Fewer than 2 rows, a column that is constant, or a value that is not finite.</exception>
    public static double Spearman(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        Validate(x, y);
        return Product(Ranks.Mid(x), Ranks.Mid(y));
    }

    private static void Validate(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        Check.SameLength(x.Length, y.Length);
        Check.Finite(x);
        Check.Finite(y);
        Check.AtLeast(x.Length, 2, "A correlation");
        RefuseConstant(x, "first");
        RefuseConstant(y, "second");
    }

    private static void RefuseConstant(ReadOnlySpan<double> values, string which)
    {
        if (values.IndexOfAnyExcept(values[0]) < 0)
            throw new StatisticsException(
                FormattableString.Invariant(
                    $"A correlation needs values that differ, but all {values.Length} of the {which} column are {values[0]}."
                )
            );
    }

    private static double Product(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        double centreX = Mean(x),
            centreY = Mean(y),
            xx = 0,
            yy = 0,
            xy = 0;
        // scaled by the largest deviation, so that squares of very small or large numbers neither vanish nor overflow
        double scaleX = Largest(x, centreX),
            scaleY = Largest(y, centreY);
        for (var i = 0; i < x.Length; i++)
        {
            double a = (x[i] - centreX) / scaleX,
                b = (y[i] - centreY) / scaleY;
            xx += a * a;
            yy += b * b;
            xy += a * b;
        }

        return Math.Clamp(xy / Math.Sqrt(xx * yy), -1, 1);
    }

    private static double Largest(ReadOnlySpan<double> values, double centre)
    {
        var largest = 0.0;
        foreach (var value in values)
            largest = Math.Max(largest, Math.Abs(value - centre));
        return largest;
    }

    private static double Mean(ReadOnlySpan<double> values)
    {
        // halves, added up around the first value: the sum of large numbers must not overflow
        var sum = 0.0;
        foreach (var value in values)
            sum += (value / values.Length) - (values[0] / values.Length);
        return values[0] + sum;
    }
}
