namespace Histonic.Learning.Encoders.Training.Multitask;

/// <summary>What one epoch gave: a line of log.csv.</summary>
/// <param name="Epoch">From 1.</param>
/// <param name="Steps">All steps so far.</param>
/// <param name="LearningRate">Adam's, during the epoch.</param>
/// <param name="Losses">The mean training loss of each task.</param>
/// <param name="Validation">The scores on the validation patches.</param>
/// <param name="PatchesPerSecond">Through loading, augmentation and training, without validation.</param>
/// <param name="Waited">The share of that time spent waiting for the next batch, in [0, 1].</param>
/// <param name="Best">Whether it was the best so far.</param>
public sealed record EpochRecord(
    int Epoch,
    int Steps,
    double LearningRate,
    IReadOnlyList<double> Losses,
    IReadOnlyList<TaskScore> Validation,
    double PatchesPerSecond,
    double Waited,
    bool Best
)
{
    /// <summary>Gets the number that chooses the best weights: the mean over tasks.</summary>
    public double Choice => Validation.Average(score => score.Choice);

    /// <summary>Gets the mean training loss over tasks.</summary>
    public double Loss => Losses.Average();
}
