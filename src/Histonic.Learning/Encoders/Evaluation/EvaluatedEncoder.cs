namespace Histonic.Learning.Encoders.Evaluation;

/// <summary>An encoder with its figures.</summary>
/// <param name="Label">What tells it from the others: its name, with its path where two have one name.</param>
/// <param name="Source">The built-in name or the path it was given by.</param>
/// <param name="Info">What its file says of it.</param>
/// <param name="Figures">A line a task and method, in the order of the tasks.</param>
/// <param name="Maps">A map a task; none when no point was asked for.</param>
public sealed record EvaluatedEncoder(
    string Label,
    string Source,
    EncoderInfo Info,
    IReadOnlyList<ProbeFigures> Figures,
    IReadOnlyList<EmbeddingMap> Maps
);
