using Histonic.Slides.Cohorts;

namespace Histonic.Learning.Experiments;

/// <summary>What became of a predictor's cell.</summary>
/// <param name="Cell">The cell.</param>
/// <param name="Folder">Its run folder.</param>
/// <param name="Predictions">The predictions of all test folds; null where there are none.</param>
/// <param name="Failure">Why there are none; null where there are.</param>
public sealed record ExperimentRun(ExperimentCell Cell, string Folder, PredictionTable? Predictions, string? Failure);
