namespace Histonic.Learning.Encoders.Training;

/// <summary>What an encoder can be trained for.</summary>
public enum TrainingObjective
{
    /// <summary>Supervised multitask learning: several labelled tasks at once (P1).</summary>
    Mtl,

    /// <summary>One labelled task (P2's supervised encoders).</summary>
    Supervised,

    /// <summary>Variational autoencoder: compress the patch so that it can be drawn again (P2).</summary>
    Vae,

    /// <summary>Contrastive: tell pairs of the same place from pairs of different ones (P2).</summary>
    Contrastive,

    /// <summary>Bidirectional generative adversarial network (P2; Donahue et al. 2017).</summary>
    Bigan,

    /// <summary>The mean of each colour: the baseline that needs no training (P2).</summary>
    MeanRgb,
}
