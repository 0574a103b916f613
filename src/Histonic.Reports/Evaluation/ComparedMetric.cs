using Histonic.Statistics;

namespace Histonic.Reports.Evaluation;

/// <summary>One metric of two runs on the same slides.</summary>
/// <param name="Metric">What was measured.</param>
/// <param name="Test">How the difference was tested.</param>
/// <param name="Values">Both runs' figures, their difference and its p value; null when the predictions do not determine them.</param>
/// <param name="AdjustedP">The p value after Holm's correction for all metrics compared, in [0, 1]; null where there is none.</param>
/// <param name="Reason">Why there are no values, as a sentence without a full stop; null when there are.</param>
public sealed record ComparedMetric(
    Metric Metric,
    string Test,
    PairedComparison? Values,
    double? AdjustedP,
    string? Reason
);
