namespace Histonic.Reports.Encoders;

/// <summary>Test patches laid out in two dimensions by an encoder's embeddings.</summary>
/// <param name="Encoder">The encoder's label.</param>
/// <param name="Task">The task's name.</param>
/// <param name="Points">The patches shown.</param>
/// <param name="Of">How many test patches there are.</param>
/// <param name="Explained">The shares of the variance along the two principal components, in [0, 1].</param>
public sealed record PatchMap(
    string Encoder,
    string Task,
    IReadOnlyList<PatchPoint> Points,
    int Of,
    IReadOnlyList<double> Explained
);
