namespace Histonic.Statistics.Testing;

/// <summary>P values adjusted for how many were looked at, as R's <c>p.adjust</c>; a null hypothesis is rejected where the adjusted p is at most the level.</summary>
public static class MultipleTesting
{
    /// <summary>Bonferroni: p · m. The chance of any false rejection is kept below the level, whatever the dependence.</summary>
    /// <param name="p">P values in [0, 1]; may be empty.</param>
    /// <returns>The adjusted values in the same order, at most 1.</returns>
    /// <exception cref="StatisticsException">A value is not in [0, 1].</exception>
    public static double[] Bonferroni(ReadOnlySpan<double> p)
    {
        Validate(p);
        var adjusted = new double[p.Length];
        for (var i = 0; i < p.Length; i++)
            adjusted[i] = Math.Min(1, p[i] * p.Length);
        return adjusted;
    }

    /// <summary>
    /// Holm (Scand J Stat 1979; 6:65-70): the i-th smallest p times m − i + 1, never below one before it. Keeps what
    /// Bonferroni keeps and rejects more.
    /// </summary>
    /// <param name="p">P values in [0, 1]; may be empty.</param>
    /// <returns>The adjusted values in the same order, at most 1.</returns>
    /// <exception cref="StatisticsException">A value is not in [0, 1].</exception>
    public static double[] Holm(ReadOnlySpan<double> p)
    {
        Validate(p);
        var order = Ranks.Order(p);
        var adjusted = new double[p.Length];
        var largest = 0.0;
        for (var i = 0; i < order.Length; i++)
            adjusted[order[i]] = largest = Math.Max(largest, Math.Min(1, p[order[i]] * (p.Length - i)));
        return adjusted;
    }

    /// <summary>
    /// Benjamini and Hochberg (J R Stat Soc B 1995; 57:289-300): the expected share of false rejections is kept below the
    /// level, for tests that are independent or depend positively.
    /// </summary>
    /// <param name="p">P values in [0, 1]; may be empty.</param>
    /// <returns>The adjusted values in the same order, at most 1.</returns>
    /// <exception cref="StatisticsException">A value is not in [0, 1].</exception>
    public static double[] BenjaminiHochberg(ReadOnlySpan<double> p) => FalseDiscovery(p, 1);

    /// <summary>Benjamini and Yekutieli (Ann Stat 2001; 29:1165-88): the same under any dependence, by a factor Σ 1/i.</summary>
    /// <param name="p">P values in [0, 1]; may be empty.</param>
    /// <returns>The adjusted values in the same order, at most 1.</returns>
    /// <exception cref="StatisticsException">A value is not in [0, 1].</exception>
    public static double[] BenjaminiYekutieli(ReadOnlySpan<double> p)
    {
        var factor = 0.0;
        for (var i = 1; i <= p.Length; i++)
            factor += 1.0 / i;
        return FalseDiscovery(p, factor);
    }

    private static double[] FalseDiscovery(ReadOnlySpan<double> p, double factor)
    {
        Validate(p);
        var order = Ranks.Order(p);
        var adjusted = new double[p.Length];
        var least = 1.0;
        for (var i = order.Length - 1; i >= 0; i--)
            adjusted[order[i]] = least = Math.Min(least, factor * p[order[i]] * p.Length / (i + 1));
        return adjusted;
    }

    private static void Validate(ReadOnlySpan<double> p)
    {
        for (var i = 0; i < p.Length; i++)
        {
            if (p[i] is not (>= 0 and <= 1))
                throw new StatisticsException(
                    FormattableString.Invariant($"p: entry {i} (counted from 0) is {p[i]}, not from 0 to 1.")
                );
        }
    }
}
