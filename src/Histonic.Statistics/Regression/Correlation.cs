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

    /// <summary>
    /// Pearson's correlation with the interval of Fisher's z (Metron 1921; 1:3-32): tanh(atanh r ± z / √(n − 3)), as R's
    /// <c>cor.test</c>.
    /// </summary>
    /// <remarks>At r = ±1 the interval is that single point.</remarks>
    /// <param name="x">Finite numbers, any unit.</param>
    /// <param name="y">Finite numbers, any unit, in the same order.</param>
    /// <param name="level">The coverage aimed at, in (0, 1).</param>
    /// <exception cref="ArgumentException">The lengths differ, or the level is not in (0, 1).</exception>
    /// <exception cref="StatisticsException">Fewer than 4 rows, a column that is constant, or a value that is not finite.</exception>
    public static Estimate PearsonInterval(ReadOnlySpan<double> x, ReadOnlySpan<double> y, double level = 0.95)
    {
        Check.Level(level);
        var r = Pearson(x, y);
        return Fisher(r, x.Length, 1, level);
    }

    /// <summary>
    /// Spearman's correlation with the interval of Bonett and Wright (Psychometrika 2000; 65:23-8): Fisher's z with variance
    /// (1 + ρ²/2) / (n − 3).
    /// </summary>
    /// <remarks>At ρ = ±1 the interval is that single point.</remarks>
    /// <param name="x">Finite numbers; only their order counts.</param>
    /// <param name="y">Finite numbers, in the same order of rows.</param>
    /// <param name="level">The coverage aimed at, in (0, 1).</param>
    /// <exception cref="ArgumentException">The lengths differ, or the level is not in (0, 1).</exception>
    /// <exception cref="StatisticsException">Fewer than 4 rows, a column that is constant, or a value that is not finite.</exception>
    public static Estimate SpearmanInterval(ReadOnlySpan<double> x, ReadOnlySpan<double> y, double level = 0.95)
    {
        Check.Level(level);
        var rho = Spearman(x, y);
        return Fisher(rho, x.Length, 1 + (rho * rho / 2), level);
    }

    /// <summary>
    /// The two-sided p value that Pearson's correlation is 0: Student's t = r·√((n − 2) / (1 − r²)) with n − 2 degrees of
    /// freedom (R's <c>cor.test</c>, SciPy's <c>pearsonr</c>). Given ranks, it is SciPy's for Spearman's.
    /// </summary>
    /// <param name="x">Finite numbers, any unit.</param>
    /// <param name="y">Finite numbers, any unit, in the same order.</param>
    /// <returns>A value in [0, 1].</returns>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    /// <exception cref="StatisticsException">Fewer than 3 rows, a column that is constant, or a value that is not finite.</exception>
    public static double PearsonPValue(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        var r = Pearson(x, y);
        Check.AtLeast(x.Length, 3, "The test of a correlation");
        var rest = 1 - (r * r);
        return rest <= 0 ? 0 : Distributions.StudentTwoSided(r * Math.Sqrt((x.Length - 2) / rest), x.Length - 2);
    }

    private static Estimate Fisher(double r, int n, double variance, double level)
    {
        Check.AtLeast(n, 4, "The interval of a correlation");
        if (Math.Abs(r) >= 1)
            return new(r, r, r, n);
        var width = Distributions.NormalQuantile((1 + level) / 2) * Math.Sqrt(variance / (n - 3));
        return new(r, Math.Tanh(Math.Atanh(r) - width), Math.Tanh(Math.Atanh(r) + width), n);
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
