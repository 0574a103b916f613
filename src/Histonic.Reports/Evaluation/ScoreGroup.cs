namespace Histonic.Reports.Evaluation;

/// <summary>The scores of one set of slides: a fold, or all folds together.</summary>
/// <param name="Fold">The fold; null for all together.</param>
/// <param name="Slides">How many slides with a known truth it holds.</param>
/// <param name="Patients">From how many patients they are.</param>
/// <param name="Metrics">The target's metrics, the main one first; every group has the same.</param>
public sealed record ScoreGroup(int? Fold, int Slides, int Patients, IReadOnlyList<Score> Metrics)
{
    /// <summary>Gets the metric that the target is judged by: AUC, Spearman's ρ or the C-index.</summary>
    public Score Main => Metrics[0];

    /// <summary>The score under a key of metrics.json.</summary>
    /// <exception cref="ArgumentException">The target has no such metric.</exception>
    public Score this[string key] =>
        Metrics.FirstOrDefault(score => string.Equals(score.Metric.Key, key, StringComparison.Ordinal))
        ?? throw new ArgumentException(
            $"{key} is none of {string.Join(", ", Metrics.Select(score => score.Metric.Key))}.",
            nameof(key)
        );
}
