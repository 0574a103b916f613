namespace Histonic.Learning.Encoders.Training.Multitask;

/// <summary>What a training left behind.</summary>
/// <param name="Folder">Where its files are.</param>
/// <param name="End">Why it ended.</param>
/// <param name="BestEpoch">The epoch whose weights were kept.</param>
/// <param name="Tasks">The figures of each task.</param>
/// <param name="PatchesPerSecond">The training's speed: the median epoch's.</param>
/// <param name="Waited">The share of the time spent waiting for batches: the median epoch's.</param>
public sealed record MultitaskResult(
    string Folder,
    TrainingEnd End,
    int BestEpoch,
    IReadOnlyList<TaskFigures> Tasks,
    double PatchesPerSecond,
    double Waited
);
