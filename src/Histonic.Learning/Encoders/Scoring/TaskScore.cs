namespace Histonic.Learning.Encoders.Scoring;

/// <summary>How well a task is done on some patches.</summary>
/// <param name="Loss">The mean cross-entropy in nats; NaN without a patch.</param>
/// <param name="Accuracy">The share of patches given their class, in [0, 1].</param>
/// <param name="BalancedAccuracy">The mean of that share over the classes that occur.</param>
/// <param name="Auc">The area under the ROC curve, macro one-versus-rest for more than two classes; null where one class occurs.</param>
/// <param name="Patches">The number of patches.</param>
public readonly record struct TaskScore(double Loss, double Accuracy, double BalancedAccuracy, double? Auc, int Patches)
{
    /// <summary>Gets the number that chooses the best weights: the AUC, or the balanced accuracy where there is none.</summary>
    public double Choice => Auc ?? BalancedAccuracy;
}
