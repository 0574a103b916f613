using Histonic.Statistics;

namespace Histonic.Reports.Evaluation;

/// <summary>The figures of a metrics.json.</summary>
/// <param name="Task">classification, regression or survival.</param>
/// <param name="Pooled">The estimates over all slides, by key such as "auc".</param>
/// <param name="Folds">Those of each fold, by its number.</param>
public sealed record MetricsSummary(
    string Task,
    IReadOnlyDictionary<string, Estimate> Pooled,
    IReadOnlyDictionary<int, Dictionary<string, Estimate>> Folds
);
