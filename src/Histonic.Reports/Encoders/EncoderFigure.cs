using Histonic.Statistics;

namespace Histonic.Reports.Encoders;

/// <summary>A figure of an encoder on a task's test patches.</summary>
/// <param name="Encoder">The encoder's label.</param>
/// <param name="Task">The task's name.</param>
/// <param name="Method">How classes are told from embeddings, as a heading: "Small network on frozen embeddings".</param>
/// <param name="Metric">What is measured: "AUC".</param>
/// <param name="Estimate">The value with its 95 % interval.</param>
/// <param name="Spread">The standard deviation over repeated trainings; null with one.</param>
public sealed record EncoderFigure(
    string Encoder,
    string Task,
    string Method,
    string Metric,
    Estimate Estimate,
    double? Spread
);
