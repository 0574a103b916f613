namespace Histonic.Statistics;

/// <summary>A share of rows.</summary>
internal static class Proportion
{
    /// <summary>The share with Wilson's score interval (J Am Stat Assoc 1927; 22:209-12).</summary>
    public static Estimate Wilson(int hits, int n, double level)
    {
        var z = Distributions.NormalQuantile((1 + level) / 2);
        var p = hits / (double)n;
        var scale = 1 + (z * z / n);
        var centre = (p + (z * z / (2 * n))) / scale;
        var width = z / scale * Math.Sqrt((p * (1 - p) / n) + (z * z / (4.0 * n * n)));
        // at 0 and 1 the end is that number, but for rounding
        return new(p, hits == 0 ? 0 : Math.Max(0, centre - width), hits == n ? 1 : Math.Min(1, centre + width), n);
    }
}
