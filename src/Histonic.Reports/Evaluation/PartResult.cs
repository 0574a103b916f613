namespace Histonic.Reports.Evaluation;

/// <summary>The metrics of one part of the predictions: a fold, or all of them pooled.</summary>
/// <param name="Name">"pooled", or the fold's number.</param>
/// <param name="Slides">How many labelled slides it has.</param>
/// <param name="Patients">How many patients these come from: the unit that is resampled.</param>
/// <param name="Metrics">The metrics, in the order they are shown.</param>
public sealed record PartResult(string Name, int Slides, int Patients, IReadOnlyList<MetricResult> Metrics)
{
    /// <summary>The metric of that key; null when this part has none, or it could not be computed.</summary>
    public Statistics.Estimate? Find(string key) =>
        Metrics.FirstOrDefault(metric => string.Equals(metric.Key, key, StringComparison.Ordinal))?.Estimate;
}
