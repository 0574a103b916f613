namespace Histonic.Learning.Prediction;

/// <summary>One line of log.csv.</summary>
/// <param name="Epoch">Which, from 1.</param>
/// <param name="TrainingLoss">The mean loss while training, dropout on.</param>
/// <param name="ValidationLoss">The loss on the validation slides.</param>
/// <param name="Metric">AUC, Spearman or C-index on the validation slides; null when they cannot tell.</param>
/// <param name="LearningRate">The learning rate it was trained at.</param>
public sealed record TrainedEpoch(
    int Epoch,
    double TrainingLoss,
    double ValidationLoss,
    double? Metric,
    double LearningRate
)
{
    /// <summary>Whether this epoch is to be kept rather than an earlier one: by the metric, where that is equal by the loss.</summary>
    public bool IsBetterThan(TrainedEpoch other)
    {
        var (mine, theirs) = (Metric ?? double.NegativeInfinity, other.Metric ?? double.NegativeInfinity);
        return mine > theirs || (mine.Equals(theirs) && ValidationLoss < other.ValidationLoss);
    }
}
