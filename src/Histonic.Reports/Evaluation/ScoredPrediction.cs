using Histonic.Slides.Cohorts;

namespace Histonic.Reports.Evaluation;

/// <summary>A prediction that was scored.</summary>
/// <param name="Prediction">The prediction with its truth.</param>
/// <param name="RiskRank">
/// For survival, the place of its risk among those of its fold, from 0 (lowest) to 1, ties in the middle of theirs: what
/// risks of different folds are compared by. Null for others.
/// </param>
/// <param name="Error">
/// How wrong it is, 0 or more: |prediction − truth|; for a class, 1 − its probability (or 0 and 1 where there are none);
/// for survival, the share of its comparable patients in the same fold that were ordered wrongly; null where there are none.
/// </param>
public sealed record ScoredPrediction(Prediction Prediction, double? RiskRank, double? Error);
