using Histonic.Learning.Encoders.Training.Data;

namespace Histonic.Learning.Encoders.Evaluation;

/// <summary>The embeddings of one task's patches by one encoder, on the common scale (<see cref="EmbeddingScaling"/>).</summary>
/// <param name="Train">Learned from.</param>
/// <param name="Validation">Chosen by.</param>
/// <param name="Test">Looked at once.</param>
/// <param name="Classes">The number of classes; each has a training patch.</param>
internal sealed record ProbeData(
    LabelledEmbeddings Train,
    LabelledEmbeddings Validation,
    LabelledEmbeddings Test,
    int Classes
)
{
    /// <summary>Scales embeddings by those of the training patches.</summary>
    public static ProbeData Scaled(IReadOnlyDictionary<SplitPart, LabelledEmbeddings> parts, int classes)
    {
        var scaling = new EmbeddingScaling(parts[SplitPart.Train]);
        return new ProbeData(
            scaling.Apply(parts[SplitPart.Train]),
            scaling.Apply(parts[SplitPart.Validation]),
            scaling.Apply(parts[SplitPart.Test]),
            classes
        );
    }
}
