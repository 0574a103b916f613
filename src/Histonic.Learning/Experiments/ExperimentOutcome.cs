namespace Histonic.Learning.Experiments;

/// <summary>What became of an experiment.</summary>
/// <param name="Runs">Every predictor, in the plan's order.</param>
/// <param name="Failures">What could not be done.</param>
/// <param name="Done">How many cells were done now.</param>
/// <param name="Cached">How many were there already.</param>
/// <param name="Elapsed">How long it took.</param>
public sealed record ExperimentOutcome(
    IReadOnlyList<ExperimentRun> Runs,
    IReadOnlyList<ExperimentFailure> Failures,
    int Done,
    int Cached,
    TimeSpan Elapsed
);
