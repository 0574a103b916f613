using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Histonic.Learning.Encoders.Training;
using Histonic.Learning.Encoders.Training.Data;
using Histonic.Slides;
using Histonic.Slides.Cohorts;
using Histonic.Statistics;

namespace Histonic.Learning.Encoders.Evaluation;

/// <summary>The files of an evaluation: metrics.json (all figures), table.csv (the test figures), maps.csv (the points of the maps), splits.csv (who was in which part).</summary>
/// <param name="folder">Where they come to be.</param>
public sealed class EvaluationFiles(string folder)
{
    private const int FormatVersion = 1;

    private static readonly JsonSerializerOptions _layout = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Writes splits.csv, which --splits of another evaluation or training takes.</summary>
    /// <exception cref="InputException">It cannot be written.</exception>
    public void WriteSplits(IReadOnlyList<PatchTask> tasks) => TrainingFiles.WriteSplits(At("splits.csv"), tasks);

    /// <summary>Writes metrics.json, table.csv and maps.csv.</summary>
    /// <exception cref="InputException">A file cannot be written.</exception>
    public void WriteFigures(EncoderEvaluation evaluation)
    {
        AtomicFile.WriteText(At("metrics.json"), Describe(evaluation).ToJsonString(_layout) + "\n");
        WriteTable(evaluation);
        if (evaluation.Options.Points > 0)
            WriteMaps(evaluation);
    }

    private void WriteTable(EncoderEvaluation evaluation) =>
        CsvTable.Write(
            At("table.csv"),
            ["encoder", "task", "method", "metric", "value", "low", "high", "sd", "n", "groups"],
            evaluation.Encoders.SelectMany(encoder =>
                encoder.Figures.SelectMany(figures =>
                    figures.Test.Select(one =>
                        (IReadOnlyList<object?>)
                            [
                                encoder.Label,
                                figures.Task,
                                Word(figures.Method),
                                one.Key,
                                one.Value.Estimate.Value,
                                one.Value.Estimate.Low,
                                one.Value.Estimate.High,
                                one.Value.Spread,
                                one.Value.Estimate.N,
                                Groups(evaluation, figures.Task, SplitPart.Test),
                            ]
                    )
                )
            )
        );

    private void WriteMaps(EncoderEvaluation evaluation) =>
        CsvTable.Write(
            At("maps.csv"),
            ["encoder", "task", "patch", "class", "group", "pc1", "pc2", "tsne1", "tsne2"],
            evaluation.Encoders.SelectMany(encoder =>
                encoder.Maps.SelectMany(map =>
                    map.Points.Select(point =>
                        (IReadOnlyList<object?>)
                            [
                                encoder.Label,
                                map.Task,
                                point.Patch,
                                point.Class,
                                point.Group,
                                Rounded(point.Component1),
                                Rounded(point.Component2),
                                Rounded(point.TSne1),
                                Rounded(point.TSne2),
                            ]
                    )
                )
            )
        );

    private static double? Rounded(double? number) => number is { } value ? Math.Round(value, 5) : null;

    /// <summary>A method as files and the command line name it.</summary>
    public static string Word(ProbeMethod method) =>
        method switch
        {
            ProbeMethod.Mlp => "mlp",
            ProbeMethod.Knn => "knn",
            _ => "head",
        };

    private static JsonObject Describe(EncoderEvaluation evaluation) =>
        new()
        {
            ["format_version"] = FormatVersion,
            ["histonic_version"] = ProductVersion.Current,
            ["unit"] = "patch",
            ["seed"] = evaluation.Options.Seed.Value,
            ["repeats"] = evaluation.Options.Repeats,
            ["interval"] = new JsonObject
            {
                ["method"] = "bootstrap percentile, patients or slides resampled, mean over the repeats",
                ["level"] = 0.95,
                ["resamples"] = EncoderEvaluationOptions.Resamples,
            },
            ["tasks"] = new JsonObject(
                evaluation.Tasks.Select(task => KeyValuePair.Create(task.Name, (JsonNode?)Describe(task)))
            ),
            ["encoders"] = new JsonObject(
                evaluation.Encoders.Select(encoder =>
                    KeyValuePair.Create(encoder.Label, (JsonNode?)Describe(evaluation, encoder))
                )
            ),
            ["differences"] = new JsonArray([
                .. evaluation.Differences.Select(difference =>
                {
                    var json = Json(difference.Difference);
                    json.Insert(0, "task", difference.Task);
                    json.Insert(1, "method", Word(difference.Method));
                    json.Insert(2, "metric", "auc");
                    json.Insert(3, "encoder", difference.Encoder);
                    json.Insert(4, "minus", difference.Minus);
                    return json;
                }),
            ]),
            ["failures"] = new JsonArray([
                .. evaluation.Failures.Select(failure => new JsonObject
                {
                    ["encoder"] = failure.Source,
                    ["reason"] = failure.Reason,
                }),
            ]),
        };

    private static JsonObject Describe(EvaluatedTask task) =>
        new()
        {
            ["location"] = task.Source.Location,
            ["mpp"] = task.Source.PixelSize?.Value,
            ["classes"] = new JsonArray([.. task.Classes.Select(name => JsonValue.Create(name))]),
            ["patches"] = Parts(task.Patches),
            ["groups"] = Parts(task.Groups),
            ["broken"] = task.Broken,
            ["ungrouped"] = task.Ungrouped,
            ["few_groups"] = task.FewGroups,
        };

    private static JsonObject Parts(IReadOnlyDictionary<SplitPart, int> counts) =>
        new(
            counts.Select(one =>
                KeyValuePair.Create(TrainingFiles.Name(one.Key), (JsonNode?)JsonValue.Create(one.Value))
            )
        );

    private static JsonObject Describe(EncoderEvaluation evaluation, EvaluatedEncoder encoder) =>
        new()
        {
            ["file"] = encoder.Source,
            ["sha256"] = encoder.Info.Sha256,
            ["patch"] = encoder.Info.PatchSize,
            ["mpp"] = encoder.Info.PixelSize.Value,
            ["channels"] = encoder.Info.Channels,
            ["objective"] = encoder.Info.Objective,
            ["tasks"] = new JsonObject(
                encoder
                    .Figures.GroupBy(figures => figures.Task, StringComparer.Ordinal)
                    .Select(task =>
                        KeyValuePair.Create(
                            task.Key,
                            (JsonNode?)
                                new JsonObject(
                                    task.Select(figures =>
                                        KeyValuePair.Create(
                                            Word(figures.Method),
                                            (JsonNode?)Describe(evaluation, figures)
                                        )
                                    )
                                )
                        )
                    )
            ),
        };

    private static JsonObject Describe(EncoderEvaluation evaluation, ProbeFigures figures)
    {
        var json = new JsonObject
        {
            ["test"] = Scores(figures.Test, Groups(evaluation, figures.Task, SplitPart.Test)),
            ["validation"] = Scores(figures.Validation, Groups(evaluation, figures.Task, SplitPart.Validation)),
        };
        if (figures.Method != ProbeMethod.Head)
            json[figures.Method == ProbeMethod.Knn ? "k" : "best_epoch"] = new JsonArray([
                .. figures.Chosen.Select(one => JsonValue.Create(one)),
            ]);
        return json;
    }

    private static JsonObject Scores(IReadOnlyDictionary<string, RepeatedEstimate> estimates, int groups) =>
        new(
            estimates.Select(one =>
            {
                var json = Json(one.Value.Estimate);
                if (one.Value.Spread is { } spread)
                    json["sd"] = spread;
                json["groups"] = groups;
                return KeyValuePair.Create(one.Key, (JsonNode?)json);
            })
        );

    private static JsonObject Json(Estimate estimate) =>
        new()
        {
            ["value"] = estimate.Value,
            ["low"] = estimate.Low,
            ["high"] = estimate.High,
            ["n"] = estimate.N,
        };

    private static int Groups(EncoderEvaluation evaluation, string task, SplitPart part) =>
        evaluation.Tasks.First(one => string.Equals(one.Name, task, StringComparison.Ordinal)).Groups[part];

    private string At(string name) => Path.Combine(folder, name);
}
