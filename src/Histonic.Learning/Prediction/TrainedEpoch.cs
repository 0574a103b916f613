namespace Histonic.Learning.Prediction;

/// <summary>One line of log.csv.</summary>
/// <param name="Epoch">Which, from 1.</param>
/// <param name="TrainingLoss">The mean loss while training, dropout on.</param>
/// <param name="ValidationLoss">The loss on the validation slides.</param>
/// <param name="Metric">AUC, Spearman or C-index on the validation slides, of several targets their mean from 0 (chance) to 1; null when they cannot tell.</param>
/// <param name="LearningRate">The learning rate it was trained at.</param>
public sealed record TrainedEpoch(
    int Epoch,
    double TrainingLoss,
    double ValidationLoss,
    double? Metric,
    double LearningRate
)
{
    /// <summary>How many epochs <see cref="Smoothed"/> looks back on.</summary>
    public const int Window = 5;

    /// <summary>Gets the metric of each of several targets; empty for one.</summary>
    public IReadOnlyList<double?> TargetMetrics { get; init; } = [];

    /// <summary>Gets the mean metric and loss of this epoch and the four before it: on few validation slides one epoch's metric is luck.</summary>
    public (double? Metric, double Loss) Smoothed { get; init; } = (Metric, ValidationLoss);

    /// <summary>Whether this epoch is to be kept rather than an earlier one: by the smoothed metric, where that is equal by the smoothed loss.</summary>
    public bool IsBetterThan(TrainedEpoch other)
    {
        var (mine, theirs) = (
            Smoothed.Metric ?? double.NegativeInfinity,
            other.Smoothed.Metric ?? double.NegativeInfinity
        );
        return mine > theirs || (mine.Equals(theirs) && Smoothed.Loss < other.Smoothed.Loss);
    }

    /// <summary>This epoch, smoothed over those before it.</summary>
    /// <param name="before">The epochs so far, without this one.</param>
    public TrainedEpoch After(IEnumerable<TrainedEpoch> before)
    {
        TrainedEpoch[] window = [.. before.TakeLast(Window - 1), this];
        double?[] metrics = [.. window.Select(epoch => epoch.Metric).Where(metric => metric is not null)];
        return this with
        {
            Smoothed = (metrics.Length > 0 ? metrics.Average() : null, window.Average(epoch => epoch.ValidationLoss)),
        };
    }
}
