namespace Histonic.Slides.Synthetic;

/// <summary>How one slide was stained and scanned. Drawn apart from everything that the labels depend on.</summary>
/// <param name="Hematoxylin">Optical densities in red, green and blue of one unit of hematoxylin.</param>
/// <param name="Eosin">Optical densities in red, green and blue of one unit of eosin.</param>
/// <param name="White">The grey level of bare glass in red, green and blue, at most 255.</param>
/// <param name="Gamma">The exponent the transmitted light is raised to.</param>
/// <param name="Blur">The standard deviation of the lens's blur in pixels.</param>
/// <param name="Noise">The standard deviation of the camera's noise in grey levels.</param>
/// <param name="Quality">The JPEG quality.</param>
internal sealed record SlideLook(
    double[] Hematoxylin,
    double[] Eosin,
    double[] White,
    double Gamma,
    double Blur,
    double Noise,
    int Quality
)
{
    // Near the mean of the vectors that Ruifrok & Johnston (2001) and Macenko et al. (2009) give for H&E.
    private static readonly double[] _hematoxylin = [0.59, 0.74, 0.31];
    private static readonly double[] _eosin = [0.13, 0.93, 0.34];

    public double HematoxylinStrength => Norm(Hematoxylin);

    public double EosinStrength => Norm(Eosin);

    /// <summary>Draws a laboratory and a scanner.</summary>
    /// <param name="random">Where they are drawn from; always the same number of draws.</param>
    /// <param name="nuisance">How far from the mean they may be; 1 as between laboratories.</param>
    public static SlideLook Draw(Random random, double nuisance)
    {
        var hematoxylin = Stain(random, _hematoxylin, 1.05, nuisance);
        var eosin = Stain(random, _eosin, 0.85, nuisance);
        var light = 246 + (nuisance * 5 * Spread(random));
        // a white balance a little off, far below what would colour the glass
        double[] white =
        [
            Math.Min(light * (1 + (0.008 * nuisance * Spread(random))), 255),
            Math.Min(light * (1 + (0.008 * nuisance * Spread(random))), 255),
            Math.Min(light * (1 + (0.008 * nuisance * Spread(random))), 255),
        ];
        return new SlideLook(
            hematoxylin,
            eosin,
            white,
            Math.Exp(0.14 * nuisance * Spread(random)),
            Math.Max(0.55 + (0.4 * nuisance * Spread(random)), 0.05),
            Math.Max(1.6 + (1.1 * nuisance * Spread(random)), 0.2),
            // libvips keeps colour at full resolution from quality 90 on
            (int)Math.Clamp(93 + (3 * nuisance * Spread(random)), 90, 98)
        );
    }

    /// <summary>This slide as a laboratory would have made it: two thirds of what tells slides apart is the laboratory's.</summary>
    /// <param name="laboratory">The look that all of its slides are near.</param>
    public SlideLook Of(SlideLook laboratory) =>
        new(
            Near(Hematoxylin, laboratory.Hematoxylin),
            Near(Eosin, laboratory.Eosin),
            Near(White, laboratory.White),
            Near(Gamma, laboratory.Gamma),
            Near(Blur, laboratory.Blur),
            Near(Noise, laboratory.Noise),
            (int)Math.Round(Near(Quality, laboratory.Quality))
        );

    /// <summary>The same laboratory and scanner with a third of the stain, more or less: both stains by the same factor.</summary>
    public SlideLook Faded(Random random)
    {
        var share = random.Between(0.28, 0.42);
        return this with
        {
            Hematoxylin = [.. Hematoxylin.Select(value => value * share)],
            Eosin = [.. Eosin.Select(value => value * share)],
        };
    }

    private static double[] Stain(Random random, double[] mean, double strength, double nuisance)
    {
        var vector = mean.Select(value => Math.Max(value + (0.07 * nuisance * Spread(random)), 0.02)).ToArray();
        var scale = strength * Math.Exp(0.28 * nuisance * Spread(random)) / Norm(vector);
        return [.. vector.Select(value => value * scale)];
    }

    private static double Near(double slide, double laboratory) => (slide + (2 * laboratory)) / 3;

    private static double[] Near(double[] slide, double[] laboratory) => [.. slide.Zip(laboratory, Near)];

    private static double Spread(Random random) => (2 * random.NextDouble()) - 1;

    private static double Norm(double[] vector) => Math.Sqrt(vector.Sum(value => value * value));
}
