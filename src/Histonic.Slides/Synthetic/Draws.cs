namespace Histonic.Slides.Synthetic;

/// <summary>Draws from distributions that <see cref="Random"/> does not have.</summary>
internal static class Draws
{
    /// <summary>A draw from the standard normal distribution (Box-Muller; two uniform draws).</summary>
    public static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    /// <summary>A draw between two bounds.</summary>
    public static float Between(this Random random, double low, double high) =>
        (float)(low + ((high - low) * random.NextDouble()));

    /// <summary>The quantile of the standard normal distribution, within 0.0005 (Hastings 1955, as in Abramowitz &amp; Stegun 26.2.23).</summary>
    /// <param name="p">A probability above 0 and below 1.</param>
    public static double NormalQuantile(double p)
    {
        var t = Math.Sqrt(-2 * Math.Log(Math.Min(p, 1 - p)));
        var tail =
            t
            - (
                (2.515517 + (0.802853 * t) + (0.010328 * t * t))
                / (1 + (1.432788 * t) + (0.189269 * t * t) + (0.001308 * t * t * t))
            );
        return p < 0.5 ? -tail : tail;
    }
}
