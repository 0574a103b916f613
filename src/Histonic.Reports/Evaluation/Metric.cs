namespace Histonic.Reports.Evaluation;

/// <summary>A metric that predictions are scored by.</summary>
/// <param name="Key">Its key in metrics.json.</param>
/// <param name="Title">Its name for people.</param>
/// <param name="Meaning">What it tells, its range and its value for chance, as a sentence without a full stop.</param>
/// <param name="Range">Its least, chance and best value; null where it has none.</param>
public sealed record Metric(string Key, string Title, string Meaning, MetricRange? Range = null)
{
    private static readonly MetricRange _share = new(0, 0.5, 1);
    private static readonly MetricRange _correlation = new(-1, 0, 1);

    /// <summary>Gets the area under the ROC curve.</summary>
    public static Metric Auc { get; } =
        new(
            "auc",
            "AUC",
            "Share of pairs of slides of different classes that the score orders rightly; 0.5 is chance, 1 perfect; "
                + "with more than two classes the mean of one against the rest",
            _share
        );

    /// <summary>Gets the share of right classes.</summary>
    public static Metric Accuracy { get; } = new("accuracy", "Accuracy", "Share of slides predicted rightly, 0 to 1");

    /// <summary>Gets the mean recall.</summary>
    public static Metric BalancedAccuracy { get; } =
        new(
            "balanced_accuracy",
            "Balanced accuracy",
            "Mean over the classes of the share predicted rightly; 1 / classes is chance, 1 perfect"
        );

    /// <summary>Gets F1.</summary>
    public static Metric F1 { get; } =
        new(
            "f1",
            "F1",
            "Harmonic mean of precision and recall, of the second class of two, of more classes the mean; 1 is perfect"
        );

    /// <summary>Gets Cohen's kappa.</summary>
    public static Metric Kappa { get; } =
        new("kappa", "Cohen's κ", "Agreement with the truth beyond chance; 0 is chance, 1 perfect");

    /// <summary>Gets the rank correlation.</summary>
    public static Metric Spearman { get; } =
        new(
            "spearman",
            "Spearman's ρ",
            "Correlation of the ranks of prediction and truth; 0 is chance, 1 perfect",
            _correlation
        );

    /// <summary>Gets the linear correlation.</summary>
    public static Metric Pearson { get; } =
        new("pearson", "Pearson's r", "Linear correlation of prediction and truth; 0 is chance, 1 perfect");

    /// <summary>Gets the mean absolute error.</summary>
    public static Metric Mae { get; } =
        new("mae", "Mean absolute error", "Mean distance of prediction and truth, in the target's unit; 0 is perfect");

    /// <summary>Gets the root mean square error.</summary>
    public static Metric Rmse { get; } =
        new("rmse", "Root mean square error", "As the mean absolute error, but large errors weigh more; 0 is perfect");

    /// <summary>Gets the coefficient of determination.</summary>
    public static Metric RSquared { get; } =
        new("r2", "R²", "Share of the truth's variance that is predicted; 0 is always saying the mean, 1 perfect");

    /// <summary>Gets Harrell's C.</summary>
    public static Metric Concordance { get; } =
        new(
            "c_index",
            "C-index",
            "Share of comparable pairs in which the higher risk had the earlier event (Harrell); 0.5 is chance, 1 perfect",
            _share
        );
}
