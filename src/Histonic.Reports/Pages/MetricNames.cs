namespace Histonic.Reports.Pages;

/// <summary>What metrics are called on a page.</summary>
internal static class MetricNames
{
    private static readonly Dictionary<string, string> _names = new(StringComparer.Ordinal)
    {
        ["auc"] = "ROC AUC",
        ["accuracy"] = "Accuracy",
        ["balanced_accuracy"] = "Balanced accuracy",
        ["f1"] = "F1",
        ["kappa"] = "Cohen's κ",
        ["spearman"] = "Spearman's ρ",
        ["pearson"] = "Pearson's r",
        ["mae"] = "Mean absolute error",
        ["rmse"] = "Root mean square error",
        ["r2"] = "R²",
        ["c_index"] = "C-index",
    };

    public static string Of(string key) => _names.GetValueOrDefault(key, key);
}
