using Histonic.Statistics;

namespace Histonic.Reports.Evaluation;

/// <summary>One metric of one part of the predictions.</summary>
/// <param name="Key">Its name in metrics.json, such as "auc".</param>
/// <param name="Estimate">Its value with a 95 % interval; null when it cannot be computed.</param>
/// <param name="Reason">Why it cannot be computed; null when it can.</param>
public sealed record MetricResult(string Key, Estimate? Estimate, string? Reason = null);
