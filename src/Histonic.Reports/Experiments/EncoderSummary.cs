using Histonic.Reports.Evaluation;
using Histonic.Slides.Cohorts;
using Histonic.Statistics;

namespace Histonic.Reports.Experiments;

/// <summary>One kind of encoder on one target, over its seeds: a row of summary.csv.</summary>
/// <param name="Encoder">The kind of encoder.</param>
/// <param name="Origin">How it came about.</param>
/// <param name="Tasks">The labelled tasks it was trained on.</param>
/// <param name="Target">The target.</param>
/// <param name="Metric">The target's main metric; null where no seed has one.</param>
/// <param name="Values">The metric of every predictor that has one: encoder seeds and, within them, predictor seeds.</param>
/// <param name="Missing">How many predictors have none.</param>
/// <param name="Averaged">The metric of the seed-averaged predictions, with its interval over patients; null where there is none.</param>
/// <param name="Slides">How many slides the averaged predictions have.</param>
/// <param name="Patients">Of how many patients.</param>
/// <param name="Reason">Why there is no averaged metric; null where there is.</param>
public sealed record EncoderSummary(
    string Encoder,
    string Origin,
    IReadOnlyList<string> Tasks,
    string Target,
    Metric? Metric,
    IReadOnlyList<(int? EncoderSeed, int PredictorSeed, double Value)> Values,
    int Missing,
    Estimate? Averaged,
    int Slides,
    int Patients,
    string? Reason
)
{
    /// <summary>
    /// Gets the mean: of the encoder seeds' means over their predictor seeds, so that each encoder counts the same; NaN where there is no value.
    /// </summary>
    public double Mean => Values.Count == 0 ? double.NaN : SeedMeans().Average();

    /// <summary>Gets the standard deviation between encoder seeds (of their means over predictor seeds); where there is one encoder, between predictor seeds; null below two.</summary>
    public double? Spread
    {
        get
        {
            double[] means = SeedMeans();
            if (means.Length < 2)
                means = [.. Values.Select(value => value.Value)];
            if (means.Length < 2)
                return null;
            var mean = means.Average();
            return Math.Sqrt(means.Sum(value => (value - mean) * (value - mean)) / (means.Length - 1));
        }
    }

    /// <summary>Gets the seed-averaged predictions themselves, for tests between encoders; null where there are none.</summary>
    internal PredictionTable? Predictions { get; init; }

    private double[] SeedMeans() =>
        [.. Values.GroupBy(value => value.EncoderSeed).Select(seed => seed.Average(value => value.Value))];
}
