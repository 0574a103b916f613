using System.Globalization;

namespace Histonic.Reports.Evaluation;

/// <summary>A metric that predictions are scored by.</summary>
/// <param name="Key">Its key in metrics.json.</param>
/// <param name="Title">Its name for people.</param>
/// <param name="Meaning">What it tells, its range and its value for chance, as a sentence without a full stop.</param>
/// <param name="Range">Its least, chance and best value; null where it has none.</param>
/// <param name="Interval">How its interval is made, where that is not the bootstrap over patients; else null.</param>
public sealed record Metric(
    string Key,
    string Title,
    string Meaning,
    MetricRange? Range = null,
    string? Interval = null
)
{
    private const string ByWald = "Wald, one entry a patient";
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

    /// <summary>Gets the area under the ROC curve of two classes with DeLong's interval.</summary>
    public static Metric AucByDeLong { get; } =
        new(
            "auc_delong",
            "AUC, DeLong",
            "The same area; its interval by DeLong's variance, slides of one patient taken together (Obuchowski); where no pair "
                + "is ordered wrongly it is a single point and says nothing of precision",
            _share,
            "DeLong, slides added up by patient"
        );

    /// <summary>Gets the average precision.</summary>
    public static Metric AveragePrecision { get; } =
        new(
            "average_precision",
            "Average precision",
            "Mean precision over the ranking of the second class of two, of more classes the mean of one against the rest; "
                + "chance is the share of the class, 1 is perfect"
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

    /// <summary>Gets Cohen's kappa with quadratic weights.</summary>
    public static Metric QuadraticKappa { get; } =
        new(
            "kappa_quadratic",
            "Cohen's κ, quadratic",
            "Agreement beyond chance, disagreement weighed by the squared distance of the classes: read it only where the "
                + "classes' order is a rank"
        );

    /// <summary>Gets the Brier score.</summary>
    public static Metric Brier { get; } =
        new(
            "brier",
            "Brier score",
            "Mean squared distance of probability and outcome, of more than two classes added up over them; 0 is perfect"
        );

    /// <summary>Gets the expected calibration error.</summary>
    public static Metric CalibrationError { get; } =
        new(
            "ece",
            "Calibration error",
            "Mean distance of predicted probability and observed share over 10 bins of equal width, of more than two classes "
                + "for the most probable; 0 is perfect, few slides make it larger by chance"
        );

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

    /// <summary>Gets Uno's C.</summary>
    public static Metric UnoConcordance { get; } =
        new(
            "uno_c",
            "Uno's C",
            "As the C-index up to τ, pairs weighed so that it does not depend on how censoring fell; 0.5 is chance, 1 perfect",
            _share
        );

    /// <summary>Gets the integrated Brier score of survival curves.</summary>
    public static Metric IntegratedBrier { get; } =
        new(
            "ibs",
            "Integrated Brier score",
            "Mean squared distance of predicted survival and outcome from 0 to τ, weighed for censoring; the curves come from a "
                + "Cox model of the rank of risk, fitted to other patients; 0 is perfect"
        );

    /// <summary>Gets the integrated Brier score of a prediction without knowledge of the slide.</summary>
    public static Metric NullIntegratedBrier { get; } =
        new(
            "ibs_null",
            "Integrated Brier score, no model",
            "The same if everyone gets the Kaplan-Meier curve of other patients: what the risks must lessen"
        );

    /// <summary>Gets the hazard ratio of the risk.</summary>
    public static Metric HazardRatio { get; } =
        new(
            "hr_per_sd",
            "Hazard ratio, 1 SD of risk",
            "How many times the hazard rises for one standard deviation of the predicted risk of its fold (Cox, Efron); 1 is chance",
            null,
            ByWald
        );

    /// <summary>Gets the hazard ratio of the risk groups.</summary>
    public static Metric GroupHazardRatio { get; } =
        new(
            "hr_high_low",
            "Hazard ratio, high to low",
            "Hazard of patients above the median risk of their fold over that of the others (Cox, Efron); 1 is chance",
            null,
            ByWald
        );

    /// <summary>The time-dependent AUC at a time.</summary>
    /// <param name="time">In the times' unit.</param>
    public static Metric AucAt(double time)
    {
        var text = time.ToString("G6", CultureInfo.InvariantCulture);
        return new(
            $"auc_at_{text}",
            $"AUC at {text}",
            $"Share of pairs of a slide with the event up to time {text} and one without it then that the risk orders rightly, "
                + "weighed for censoring; 0.5 is chance, 1 perfect",
            _share
        );
    }
}
