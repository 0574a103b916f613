namespace Histonic.Learning.Encoders.Evaluation;

/// <summary>How classes are told from embeddings.</summary>
public enum ProbeMethod
{
    /// <summary>A small network on the frozen embeddings, as P2 does: <see cref="MlpProbe"/>.</summary>
    Mlp,

    /// <summary>The nearest training patches vote: <see cref="NearestNeighbourProbe"/>.</summary>
    Knn,

    /// <summary>The head that was trained together with the encoder: <see cref="TrainedHead"/>.</summary>
    Head,
}
