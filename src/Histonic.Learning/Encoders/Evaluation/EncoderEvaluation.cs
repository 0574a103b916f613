namespace Histonic.Learning.Encoders.Evaluation;

/// <summary>What an evaluation of encoders found.</summary>
/// <param name="Options">How it was done.</param>
/// <param name="Tasks">The tasks, in the order they were given.</param>
/// <param name="Encoders">The encoders that could be evaluated, in the order they were given.</param>
/// <param name="Differences">The first of them against each other one, on every task by every method both have.</param>
/// <param name="Failures">The encoders that could not.</param>
public sealed record EncoderEvaluation(
    EncoderEvaluationOptions Options,
    IReadOnlyList<EvaluatedTask> Tasks,
    IReadOnlyList<EvaluatedEncoder> Encoders,
    IReadOnlyList<AucDifference> Differences,
    IReadOnlyList<EncoderFailure> Failures
);
