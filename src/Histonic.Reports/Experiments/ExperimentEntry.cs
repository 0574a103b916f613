using Histonic.Slides.Cohorts;

namespace Histonic.Reports.Experiments;

/// <summary>One cross-validated predictor of an experiment.</summary>
/// <param name="Encoder">The kind of encoder.</param>
/// <param name="Origin">How it came about: an objective, "file" or "features".</param>
/// <param name="Tasks">The labelled tasks it was trained on; empty where it saw no label.</param>
/// <param name="EncoderSeed">The encoder's seed; null where it has none.</param>
/// <param name="PredictorSeed">The predictor's seed.</param>
/// <param name="Target">The target's name.</param>
/// <param name="Predictions">The predictions of all test folds; null where there are none.</param>
/// <param name="Failure">Why there are none; null where there are.</param>
/// <param name="Folder">Where the run is kept.</param>
public sealed record ExperimentEntry(
    string Encoder,
    string Origin,
    IReadOnlyList<string> Tasks,
    int? EncoderSeed,
    int PredictorSeed,
    string Target,
    PredictionTable? Predictions,
    string? Failure,
    string Folder
);
