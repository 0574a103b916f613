using Histonic.Slides.Cohorts;
using Histonic.Statistics.Survival;

namespace Histonic.Reports.Evaluation;

/// <summary>How good a table of predictions is.</summary>
/// <param name="Target">What was predicted.</param>
/// <param name="Pooled">The metrics of all test predictions together.</param>
/// <param name="Folds">The metrics of each fold, in order; empty when the table knows no folds.</param>
/// <param name="RiskGroups">For survival: the log-rank test between lower and higher predicted risk; else null.</param>
public sealed record EvaluationResult(
    TargetSpec Target,
    PartResult Pooled,
    IReadOnlyList<PartResult> Folds,
    LogRank? RiskGroups
);
