namespace Histonic.Learning.Encoders.Evaluation;

/// <summary>Embeddings of labelled patches.</summary>
/// <param name="Values">N × C numbers, patch after patch.</param>
/// <param name="Channels">The length C of an embedding.</param>
/// <param name="Labels">The class of each patch, from 0.</param>
/// <param name="Groups">The patient or slide of each patch.</param>
internal sealed record LabelledEmbeddings(
    float[] Values,
    int Channels,
    IReadOnlyList<int> Labels,
    IReadOnlyList<string> Groups
)
{
    /// <summary>Gets the number N of patches.</summary>
    public int Count => Labels.Count;

    /// <summary>The embedding of one patch.</summary>
    public ReadOnlySpan<float> this[int patch] => Values.AsSpan(patch * Channels, Channels);
}
