namespace Histonic.Learning.Encoders.Training;

/// <summary>What one epoch gave: a line of log.csv.</summary>
/// <param name="Epoch">From 1.</param>
/// <param name="Steps">All steps so far.</param>
/// <param name="LearningRate">Adam's, during the epoch.</param>
/// <param name="Losses">The mean over the epoch's steps of each loss.</param>
/// <param name="Choice">The number that chooses the best weights, higher is better; NaN where the last are the best.</param>
/// <param name="Tie">Decides between equal ones: lower is better.</param>
/// <param name="Scores">The scores on the validation patches.</param>
/// <param name="PatchesPerSecond">Through loading, augmentation and training, without validation.</param>
/// <param name="Waited">The share of that time spent waiting for the next batch, in [0, 1].</param>
/// <param name="Best">Whether it was the best so far.</param>
public sealed record EpochRecord(
    int Epoch,
    long Steps,
    double LearningRate,
    IReadOnlyList<double> Losses,
    double Choice,
    double Tie,
    IReadOnlyList<double> Scores,
    double PatchesPerSecond,
    double Waited,
    bool Best
);
