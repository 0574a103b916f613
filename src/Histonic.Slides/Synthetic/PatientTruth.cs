using System.Collections.Concurrent;

namespace Histonic.Slides.Synthetic;

/// <summary>What is true of one patient of a synthetic cohort.</summary>
/// <param name="Name">The patient's name, such as "P0007".</param>
/// <param name="Pattern">How the tumour meets normal tissue.</param>
/// <param name="Mitosis">Mitotic activity in standard deviations; normal.</param>
/// <param name="Density">Cell density in standard deviations; normal, independent of mitotic activity.</param>
/// <param name="Proliferation">The score: both, weighted, and noise.</param>
/// <param name="LogHazard">The log of the hazard's ratio to a mean patient's.</param>
/// <param name="SurvivalMonths">When the patient dies, whether seen or not.</param>
/// <param name="FollowUpMonths">When the patient is last seen, if alive by then.</param>
internal sealed record PatientTruth(
    string Name,
    GrowthPattern Pattern,
    double Mitosis,
    double Density,
    double Proliferation,
    double LogHazard,
    double SurvivalMonths,
    double FollowUpMonths
)
{
    /// <summary>What one standard deviation of proliferation adds to the log hazard, at effect size 1.</summary>
    public const double ProliferationEffect = 1.2;

    /// <summary>What the replacement pattern adds to the log hazard over the desmoplastic one, at effect size 1.</summary>
    public const double ReplacementEffect = 1.4;

    /// <summary>The shape of the Weibull distribution of survival.</summary>
    public const double WeibullShape = 1.3;

    /// <summary>The scale, in months, of that distribution where the log hazard is 0.</summary>
    public const double WeibullScale = 40;

    private const int Block = 8;

    private static readonly ConcurrentDictionary<(double Effect, double Noise, double Share), double> _followUp = new();

    /// <summary>Gets when the patient died or was last seen.</summary>
    public double Months => Math.Max(Math.Round(Math.Min(SurvivalMonths, FollowUpMonths), 2), 0.01);

    /// <summary>Gets whether the patient was seen to die.</summary>
    public bool Died => SurvivalMonths <= FollowUpMonths;

    /// <summary>Draws a patient, who depends on the seed and the number alone.</summary>
    /// <param name="seed">Where chance comes from.</param>
    /// <param name="number">The patient's number, from 0.</param>
    /// <param name="options">The knobs.</param>
    public static PatientTruth Draw(Seed seed, int number, CohortOptions options)
    {
        // Of every 8 patients, 4 have each pattern and each latent takes every eighth of its distribution once, so that
        // a small cohort is as balanced as a large one. The three orders are drawn independently of each other.
        var block = number / Block;
        var place = number % Block;
        var pattern =
            Order(seed, $"patients {block} pattern")[place] < Block / 2
                ? GrowthPattern.Desmoplastic
                : GrowthPattern.Replacement;
        var random = seed.For($"patient {number}");
        var mitosis = Stratum(Order(seed, $"patients {block} mitosis")[place], random);
        var density = Stratum(Order(seed, $"patients {block} density")[place], random);
        var weight = options.DensityWeight;
        var proliferation =
            (Math.Sqrt(1 - (weight * weight)) * mitosis)
            + (weight * density)
            + (options.LabelNoise * Draws.Normal(random));
        var logHazard = LogHazardOf(proliferation, pattern, options.EffectSize);
        var survival = Survival(logHazard, random.NextDouble());
        var follow = -Math.Log(1 - random.NextDouble());
        return new PatientTruth(
            $"P{number + 1:D4}",
            pattern,
            mitosis,
            density,
            proliferation,
            logHazard,
            survival,
            follow * MeanFollowUp(options)
        );
    }

    private static double LogHazardOf(double proliferation, GrowthPattern pattern, double effect) =>
        effect
        * (
            (ProliferationEffect * proliferation)
            + (ReplacementEffect * (pattern == GrowthPattern.Replacement ? 0.5 : -0.5))
        );

    private static double Survival(double logHazard, double chance) =>
        WeibullScale * Math.Pow(-Math.Log(1 - chance) / Math.Exp(logHazard), 1 / WeibullShape);

    /// <summary>The mean of the exponential follow-up that leaves the wanted share of patients alive when last seen.</summary>
    private static double MeanFollowUp(CohortOptions options)
    {
        if (options.Censoring <= 0)
            return double.PositiveInfinity;
        return _followUp.GetOrAdd(
            (options.EffectSize, options.LabelNoise, options.Censoring),
            static knobs =>
            {
                var random = new Seed(0).For("follow-up");
                var survivals = new double[20_000];
                for (var i = 0; i < survivals.Length; i++)
                {
                    var score = Math.Sqrt(1 + (knobs.Noise * knobs.Noise)) * Draws.Normal(random);
                    var pattern = i % 2 == 0 ? GrowthPattern.Desmoplastic : GrowthPattern.Replacement;
                    survivals[i] = Survival(LogHazardOf(score, pattern, knobs.Effect), random.NextDouble());
                }

                // P(follow-up < T) = 1 − exp(−T / mean), which falls as the mean grows
                double low = 1e-3,
                    high = 1e6;
                for (var i = 0; i < 100; i++)
                {
                    var mean = Math.Sqrt(low * high);
                    var censored = survivals.Average(time => 1 - Math.Exp(-time / mean));
                    (low, high) = censored > knobs.Share ? (mean, high) : (low, mean);
                }

                return high;
            }
        );
    }

    private static int[] Order(Seed seed, string purpose)
    {
        var order = Enumerable.Range(0, Block).ToArray();
        seed.For(purpose).Shuffle(order);
        return order;
    }

    private static double Stratum(int stratum, Random random) =>
        Draws.NormalQuantile((stratum + 0.02 + (0.96 * random.NextDouble())) / Block);
}
