using Histonic.Statistics;

namespace Histonic.Reports.Evaluation;

/// <summary>One metric of some predictions: an estimate, or the reason why there is none.</summary>
public sealed record Score
{
    private Score(Metric metric, Estimate? estimate, string? reason) =>
        (Metric, Estimate, Reason) = (metric, estimate, reason);

    /// <summary>Gets what was measured.</summary>
    public Metric Metric { get; }

    /// <summary>Gets its key in metrics.json.</summary>
    public string Key => Metric.Key;

    /// <summary>Gets the value with its interval; null when the predictions do not determine it.</summary>
    public Estimate? Estimate { get; }

    /// <summary>Gets why there is no value, as a sentence without a full stop; null when there is one.</summary>
    public string? Reason { get; }

    /// <summary>A metric that was computed.</summary>
    public static Score Of(Metric metric, Estimate estimate) => new(metric, estimate, null);

    /// <summary>A metric that the predictions do not determine.</summary>
    public static Score Undetermined(Metric metric, string reason) => new(metric, null, reason);
}
