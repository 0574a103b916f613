using Histonic.Statistics;

namespace Histonic.Reports.Experiments;

/// <summary>Two kinds of encoder tested on the same patients: a row of comparisons.csv.</summary>
/// <param name="Target">The target.</param>
/// <param name="First">One encoder.</param>
/// <param name="Second">The other.</param>
/// <param name="Metric">The key of the metric.</param>
/// <param name="Test">How the difference was tested.</param>
/// <param name="Slides">How many slides both predicted.</param>
/// <param name="Patients">Of how many patients.</param>
/// <param name="Values">Both figures, their difference and its p value; null where there is no test.</param>
/// <param name="AdjustedP">The p value after Holm's correction for all comparisons of the target; null where there is no test.</param>
/// <param name="Reason">Why there is no test; null where there is one.</param>
public sealed record EncoderComparison(
    string Target,
    string First,
    string Second,
    string Metric,
    string Test,
    int Slides,
    int Patients,
    PairedComparison? Values,
    double? AdjustedP,
    string? Reason
);
