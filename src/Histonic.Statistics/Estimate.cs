namespace Histonic.Statistics;

/// <summary>A statistic with its confidence interval. All four are finite; Low ≤ High, both in the statistic's own unit.</summary>
/// <param name="Value">The statistic on the data as they are. A percentile interval may, rarely, not contain it.</param>
/// <param name="Low">The lower end of the interval.</param>
/// <param name="High">The upper end of the interval.</param>
/// <param name="N">How many observations (rows) the value rests on, at least 1.</param>
public readonly record struct Estimate(double Value, double Low, double High, int N)
{
    /// <summary>value ± z·√variance, cut to the statistic's range.</summary>
    internal static Estimate Normal(
        double value,
        double variance,
        int n,
        double level,
        (double Least, double Most) range
    )
    {
        var width = Distributions.NormalQuantile((1 + level) / 2) * Math.Sqrt(Math.Max(0, variance));
        return new(value, Math.Max(range.Least, value - width), Math.Min(range.Most, value + width), n);
    }
}
