using Histonic.Slides.Cohorts;

namespace Histonic.Reports.Evaluation;

/// <summary>How good predictions are: scores pooled and per fold, and what they rest on.</summary>
/// <param name="Target">What was predicted.</param>
/// <param name="Classes">The classes of a classification, in the order of the probabilities; else empty.</param>
/// <param name="Rows">The predictions that were scored: those of slides not trained on whose truth is known.</param>
/// <param name="LeftOut">How many rows were not scored, for their truth is unknown or they were trained on.</param>
/// <param name="Pooled">The scores of all rows together.</param>
/// <param name="Folds">The scores of each fold, ascending; empty when the rows name no folds.</param>
/// <param name="Risk">The two risk groups of a survival target; null for others.</param>
/// <param name="Horizons">The times that figures of a survival target speak of; null for others, and where no event was seen.</param>
/// <param name="Notes">What a reader must know to read the figures, each a sentence.</param>
public sealed record EvaluationResult(
    TargetSpec Target,
    IReadOnlyList<string> Classes,
    IReadOnlyList<ScoredPrediction> Rows,
    int LeftOut,
    ScoreGroup Pooled,
    IReadOnlyList<ScoreGroup> Folds,
    RiskGroups? Risk,
    Horizons? Horizons,
    IReadOnlyList<string> Notes
);
