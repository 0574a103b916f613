namespace Histonic.Learning.Encoders.Training;

/// <summary>What a training left behind.</summary>
/// <param name="Folder">Where its files are.</param>
/// <param name="End">Why it ended.</param>
/// <param name="BestEpoch">The epoch whose weights were kept; 0 where nothing is trained.</param>
/// <param name="Figures">How well held-out patches are done.</param>
/// <param name="PatchesPerSecond">The training's speed: the median epoch's.</param>
/// <param name="Waited">The share of the time spent waiting for batches: the median epoch's.</param>
public sealed record EncoderTrainingResult(
    string Folder,
    TrainingEnd End,
    int BestEpoch,
    IReadOnlyList<HeldOutFigures> Figures,
    double PatchesPerSecond,
    double Waited
);
