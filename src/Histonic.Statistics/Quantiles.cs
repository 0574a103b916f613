namespace Histonic.Statistics;

/// <summary>Quantiles by linear interpolation (R's type 7, NumPy's default).</summary>
public static class Quantiles
{
    /// <summary>The quantile of ascending numbers.</summary>
    public static double Of(ReadOnlySpan<double> sorted, double p)
    {
        var at = p * (sorted.Length - 1);
        var below = (int)at;
        var above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + ((at - below) * (sorted[above] - sorted[below]));
    }
}
