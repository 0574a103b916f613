using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Histonic.Slides;
using Histonic.Slides.Cohorts;
using Histonic.Statistics;

namespace Histonic.Reports.Evaluation;

/// <summary>
/// metrics.json: under <c>pooled</c> and under <c>folds</c> and the fold's number, one object a metric with value, low, high
/// and n, and interval where it is not the bootstrap's; <c>{"reason": …}</c> where the predictions do not determine it. Of several
/// targets each has such an object under <c>targets</c> and its name; averages over labels stand under <c>label_averages</c>.
/// </summary>
public static class MetricsFile
{
    private const int FormatVersion = 1;

    private static readonly JsonSerializerOptions _layout = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Writes the figures, whole or not at all.</summary>
    /// <param name="path">The file that comes to be.</param>
    /// <param name="figures">The figures.</param>
    /// <param name="options">How they were computed.</param>
    /// <exception cref="InputException">The file cannot be written.</exception>
    public static void Write(string path, RunFigures figures, EvaluationOptions options)
    {
        var root = new JsonObject { ["format_version"] = FormatVersion, ["histonic_version"] = ProductVersion.Current };
        if (figures.Targets is [var one])
            Describe(root, one, options);
        else
            root["targets"] = new JsonObject(
                figures.Targets.Select(result =>
                {
                    var target = new JsonObject();
                    Describe(target, result, options);
                    return KeyValuePair.Create(result.Target.Name, (JsonNode?)target);
                })
            );
        if (figures.Averages.Count > 0)
            root["label_averages"] = new JsonObject(
                figures.Averages.Select(average =>
                    KeyValuePair.Create(
                        average.Name,
                        (JsonNode?)
                            new JsonObject
                            {
                                ["labels"] = Strings(average.Labels),
                                ["slides"] = average.Pooled.Slides,
                                ["patients"] = average.Pooled.Patients,
                                ["pooled"] = Scores(average.Pooled),
                                ["folds"] = Folds(average.Folds),
                            }
                    )
                )
            );
        AtomicFile.WriteText(path, root.ToJsonString(_layout) + "\n");
    }

    /// <summary>Reads the figures of a metrics.json.</summary>
    /// <param name="path">The file.</param>
    /// <param name="target">The name of the target; null where the file tells of one only.</param>
    /// <returns>The pooled estimates by key, and those of each fold; what has a reason instead of a value is not among them.</returns>
    /// <exception cref="InputException">It is missing, no JSON, of a newer format, or lacks what every metrics.json has.</exception>
    public static MetricsSummary Read(string path, string? target = null)
    {
        JsonNode? root;
        try
        {
            root = JsonNode.Parse(File.ReadAllText(path));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException)
        {
            throw Fault($"cannot be read ({error.Message})", error);
        }

        try
        {
            if (root?["format_version"]?.GetValue<int>() is not { } version)
                throw Fault("has no format_version");
            if (version > FormatVersion)
                throw new InputException(
                    path,
                    $"is of format {version}, newer than {FormatVersion}",
                    "Update Histonic"
                );
            if (target is not null)
                root = root["targets"]!.AsObject()[target]!;
            return new MetricsSummary(
                root["task"]!.GetValue<string>(),
                Estimates(root["pooled"]!.AsObject()),
                root["folds"]!
                    .AsObject()
                    .ToDictionary(
                        fold => int.Parse(fold.Key, System.Globalization.CultureInfo.InvariantCulture),
                        fold => Estimates(fold.Value!.AsObject())
                    )
            );
        }
        catch (Exception error) when (error is NullReferenceException or InvalidOperationException or FormatException)
        {
            throw Fault("does not hold the figures of an evaluation", error);
        }

        InputException Fault(string finding, Exception? error = null) =>
            new(path, finding, "Give a metrics.json that evaluate or train wrote", error);
    }

    /// <summary>Reads what a metrics.json tells of: the targets of a run.</summary>
    /// <exception cref="InputException">It is missing, no JSON, or names no target.</exception>
    public static IReadOnlyList<TargetSpec> ReadTargets(string path)
    {
        try
        {
            var root = JsonNode.Parse(File.ReadAllText(path))!;
            return root["targets"] is JsonObject several
                ? [.. several.Select(target => TargetOf(target.Value!))]
                : [TargetOf(root)];
        }
        catch (Exception error)
            when (error
                    is IOException
                        or UnauthorizedAccessException
                        or JsonException
                        or NullReferenceException
                        or InvalidOperationException
                        or IndexOutOfRangeException
                        or OptionException
            )
        {
            throw new InputException(
                path,
                $"does not tell what the run predicts ({error.Message})",
                "Name it with --task and --target (or --time and --event)",
                error
            );
        }
    }

    private static TargetSpec TargetOf(JsonNode figures)
    {
        var task = figures["task"]!.GetValue<string>();
        string[] columns = [.. figures["target"]!.AsArray().Select(column => column!.GetValue<string>())];
        if (figures["group"] is { } group)
            return new TargetSpec.Label(columns[0], group.GetValue<string>());
        return task is "survival"
            ? TargetSpec.From(task, null, columns[0], columns[1])
            : TargetSpec.From(task, columns[0], null, null);
    }

    private static Dictionary<string, Estimate> Estimates(JsonObject scores)
    {
        Dictionary<string, Estimate> estimates = new(StringComparer.Ordinal);
        foreach (var (key, score) in scores)
        {
            if (score is JsonObject values && values.ContainsKey("value"))
                estimates[key] = new Estimate(
                    values["value"]!.GetValue<double>(),
                    values["low"]!.GetValue<double>(),
                    values["high"]!.GetValue<double>(),
                    values["n"]!.GetValue<int>()
                );
        }

        return estimates;
    }

    private static void Describe(JsonObject figures, EvaluationResult result, EvaluationOptions options)
    {
        figures["task"] = result.Target.Task;
        figures["target"] = Strings(result.Target.Columns);
        if (result.Target is TargetSpec.Label { Group: var group })
            figures["group"] = group;
        figures["classes"] = Strings(result.Classes);
        figures["unit"] = "slide";
        figures["slides"] = result.Pooled.Slides;
        figures["patients"] = result.Pooled.Patients;
        figures["rows_not_scored"] = result.LeftOut;
        figures["interval"] = new JsonObject
        {
            ["method"] = "bootstrap percentile, patients resampled",
            ["level"] = EvaluationOptions.Level,
            ["resamples"] = options.Resamples,
            ["seed"] = options.Seed.Value,
        };
        figures["pooled"] = Scores(result.Pooled);
        figures["folds"] = Folds(result.Folds);
        if (result.Horizons is { } horizons)
            figures["horizons"] = new JsonObject
            {
                ["auc_times"] = new JsonArray([.. horizons.Times.Select(time => JsonValue.Create(time))]),
                ["tau"] = horizons.Tau,
            };
        if (result.Risk is { } risk)
            figures["risk_groups"] = Risk(risk);
        figures["notes"] = Strings(result.Notes);
    }

    private static JsonObject Folds(IReadOnlyList<ScoreGroup> folds) =>
        new(folds.Select(fold => KeyValuePair.Create($"{fold.Fold}", (JsonNode?)Scores(fold))));

    private static JsonObject Scores(ScoreGroup group) =>
        new(
            group.Metrics.Select(score =>
                KeyValuePair.Create(
                    score.Metric.Key,
                    (JsonNode?)(
                        score.Estimate is { } estimate
                            ? Values(score.Metric, estimate)
                            : new JsonObject { ["reason"] = score.Reason, ["n"] = group.Slides }
                    )
                )
            )
        );

    private static JsonObject Values(Metric metric, Estimate estimate)
    {
        var values = Values(estimate);
        if (metric.Interval is { } interval)
            values["interval"] = interval;
        return values;
    }

    /// <summary>An estimate as the files write it.</summary>
    internal static JsonObject Values(Estimate estimate) =>
        new()
        {
            ["value"] = estimate.Value,
            ["low"] = estimate.Low,
            ["high"] = estimate.High,
            ["n"] = estimate.N,
        };

    private static JsonObject Risk(RiskGroups risk)
    {
        var groups = new JsonObject();
        foreach (var (name, curve) in new[] { ("low", risk.Low), ("high", risk.High) })
        {
            if (curve is not null)
                groups[name] = new JsonObject
                {
                    ["patients"] = curve.N,
                    ["events"] = curve.Steps.Sum(step => step.Events),
                    ["median"] = curve.Median,
                };
        }

        groups["log_rank"] = risk.Test is { } test
            ? new JsonObject { ["chi_square"] = test.ChiSquare, ["p"] = test.PValue }
            : new JsonObject { ["reason"] = risk.Reason };
        return groups;
    }

    private static JsonArray Strings(IEnumerable<string> words) => [.. words.Select(word => JsonValue.Create(word))];
}
