using Histonic.Statistics;

namespace Histonic.Learning.Encoders.Evaluation;

/// <summary>A figure of a probe that may have been trained several times.</summary>
/// <param name="Estimate">
/// The mean over the repeats with its 95 % interval: whole patients or slides are resampled, and the mean over the repeats taken anew.
/// </param>
/// <param name="Spread">The standard deviation of the figure over the repeats; null with one.</param>
public readonly record struct RepeatedEstimate(Estimate Estimate, double? Spread);
