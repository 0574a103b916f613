using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Histonic.Slides;

namespace Histonic.Reports.Evaluation;

/// <summary>
/// comparison.json: under <c>metrics</c> one object a metric with first, second and difference (each value, low, high, n), p,
/// p_holm and test; <c>{"reason": …}</c> where the predictions do not determine it.
/// </summary>
public static class ComparisonFile
{
    private static readonly JsonSerializerOptions _layout = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Writes the figures, whole or not at all.</summary>
    /// <param name="path">The file that comes to be.</param>
    /// <param name="comparison">The figures.</param>
    /// <param name="options">How they were computed.</param>
    /// <exception cref="InputException">The file cannot be written.</exception>
    public static void Write(string path, RunComparison comparison, EvaluationOptions options)
    {
        var root = new JsonObject
        {
            ["format_version"] = 1,
            ["histonic_version"] = ProductVersion.Current,
            ["task"] = comparison.Target.Task,
            ["target"] = new JsonArray([.. comparison.Target.Columns.Select(column => JsonValue.Create(column))]),
            ["first"] = comparison.FirstName,
            ["second"] = comparison.SecondName,
            ["unit"] = "slide",
            ["slides"] = comparison.Slides,
            ["patients"] = comparison.Patients,
            ["level"] = EvaluationOptions.Level,
            ["resamples"] = options.Resamples,
            ["seed"] = options.Seed.Value,
            ["metrics"] = new JsonObject(
                comparison.Metrics.Select(metric => KeyValuePair.Create(metric.Metric.Key, (JsonNode?)Of(metric)))
            ),
            ["notes"] = new JsonArray([.. comparison.Notes.Select(note => JsonValue.Create(note))]),
        };
        AtomicFile.WriteText(path, root.ToJsonString(_layout) + "\n");
    }

    private static JsonObject Of(ComparedMetric metric) =>
        metric.Values is { } values
            ? new JsonObject
            {
                ["first"] = MetricsFile.Values(values.First),
                ["second"] = MetricsFile.Values(values.Second),
                ["difference"] = MetricsFile.Values(values.Difference),
                ["p"] = values.PValue,
                ["p_holm"] = metric.AdjustedP,
                ["test"] = metric.Test,
            }
            : new JsonObject { ["reason"] = metric.Reason };
}
