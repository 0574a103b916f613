using System.Text.Json;
using System.Text.Json.Nodes;
using Histonic.Slides;

namespace Histonic.Reports.Evaluation;

/// <summary>metrics.json: per metric an object { value, low, high, n }, pooled and per fold.</summary>
public static class MetricsFile
{
    private static readonly JsonSerializerOptions _layout = new() { WriteIndented = true, NewLine = "\n" };

    /// <summary>Writes the file.</summary>
    /// <param name="path">Where.</param>
    /// <param name="result">What was measured.</param>
    /// <param name="options">How.</param>
    public static void Write(string path, EvaluationResult result, EvaluationOptions options)
    {
        var folds = new JsonObject();
        foreach (var fold in result.Folds)
            folds[fold.Name] = Part(fold);
        var root = new JsonObject
        {
            ["task"] = result.Target.Task,
            ["columns"] = new JsonArray([.. result.Target.Columns.Select(column => (JsonNode)column)]),
            ["interval"] = new JsonObject
            {
                ["level"] = 0.95,
                ["method"] = "percentile bootstrap, patients resampled",
                ["resamples"] = options.Resamples,
                ["seed"] = options.Seed.Value,
            },
            ["pooled"] = Part(result.Pooled),
            ["folds"] = folds,
        };
        if (result.RiskGroups is { } test)
            root["log_rank"] = new JsonObject
            {
                ["chi_square"] = test.ChiSquare,
                ["p"] = test.PValue,
                ["groups"] = "lower and higher half of the predicted risk within each fold",
            };
        root["histonic_version"] = ProductVersion.Current;
        AtomicFile.WriteText(path, root.ToJsonString(_layout) + "\n");
    }

    private static JsonObject Part(PartResult part)
    {
        var node = new JsonObject { ["slides"] = part.Slides, ["patients"] = part.Patients };
        foreach (var metric in part.Metrics)
            node[metric.Key] = metric.Estimate is { } estimate
                ? new JsonObject
                {
                    ["value"] = estimate.Value,
                    ["low"] = estimate.Low,
                    ["high"] = estimate.High,
                    ["n"] = estimate.N,
                }
                : new JsonObject { ["value"] = null, ["reason"] = metric.Reason };
        return node;
    }
}
