using System.Globalization;
using System.Text.Json.Nodes;
using Histonic.Reports.Evaluation;
using Histonic.Slides.Cohorts;
using Histonic.Statistics.Classification;
using Histonic.Statistics.Survival;

namespace Histonic.Reports.Pages;

/// <summary>
/// The charts of a run as Vega-Lite specifications. Colours are the page's own (CSS variables), so that they follow light,
/// dark and print.
/// </summary>
internal static class Charts
{
    private const int Side = 320;
    private const string Guide =
        """{"type":"line","strokeDash":[4,4],"color":"var(--soft)","strokeWidth":1,"tooltip":null}""";

    /// <summary>The charts that a run's predictions allow, in the order of the page.</summary>
    public static IEnumerable<Chart> Of(EvaluationResult result) =>
        result.Target switch
        {
            TargetSpec.Classification => OfClasses(result),
            TargetSpec.Regression(var column) => [Scatter(result, column)],
            TargetSpec.Survival survival => OfRisks(result, survival.TimeColumn),
            _ => [],
        };

    private static IEnumerable<Chart> OfClasses(EvaluationResult result)
    {
        Prediction[] rows = [.. result.Rows.Select(row => row.Prediction)];
        if (result.Pooled["auc"].Estimate is not null)
            yield return Roc(result, rows);
        if (result.Classes.Count > 0 && rows.All(row => row.PredictedClass is not null))
            yield return Confusion(rows, result.Classes);
    }

    private static Chart Roc(EvaluationResult result, Prediction[] rows)
    {
        // one curve for two classes, one a class against the rest for more
        var curves = result.Classes.Count == 2 ? [1] : Enumerable.Range(0, result.Classes.Count);
        List<(string Class, RocPoint Point)> points = [];
        foreach (var k in curves)
        {
            var name = result.Classes[k];
            bool[] positives = [.. rows.Select(row => string.Equals(row.Label, name, StringComparison.Ordinal))];
            if (!positives.Contains(true))
                continue;
            double[] scores = [.. rows.Select(row => result.Classes.Count == 2 ? row.Score : row.Probabilities[k])];
            var label = $"{name} (AUC {Figures.Of(RocCurve.Area(scores, positives))})";
            points.AddRange(RocCurve.Points(scores, positives).Select(point => (label, point)));
        }

        const string Axes = """
            {"x":{"field":"x","type":"quantitative","title":"1 − specificity","scale":{"domain":[0,1]},"axis":{"tickCount":5}},
             "y":{"field":"y","type":"quantitative","title":"sensitivity","scale":{"domain":[0,1]},"axis":{"tickCount":5}},"order":null}
            """;
        return new Chart(
            "ROC curve",
            (
                result.Classes.Count == 2
                    ? $"How many {result.Classes[1]} slides are found at each rate of false alarms; "
                    : "Each class against all others; "
            ) + "all folds' held-out slides together. Dashed: chance.",
            Layers(
                Side,
                Side,
                Layer(Values([0.0, 1.0], at => Row(("x", at), ("y", at))), Guide, Axes),
                Layer(
                    Values(
                        points,
                        item =>
                            Row(
                                ("class", item.Class),
                                ("x", item.Point.FalsePositiveRate),
                                ("y", item.Point.TruePositiveRate)
                            )
                    ),
                    """{"type":"line","strokeWidth":2.5,"strokeJoin":"round"}""",
                    Axes,
                    """
                    {"color":{"field":"class","type":"nominal","sort":null,"legend":{"title":null,"orient":"bottom","direction":"vertical","labelLimit":300}},
                     "tooltip":[{"field":"class","title":"class"},{"field":"x","title":"1 − specificity","format":".3f"},{"field":"y","title":"sensitivity","format":".3f"}]}
                    """
                )
            ),
            ["Class", "Threshold", "1 − specificity", "Sensitivity"],
            [
                .. points.Select(item =>
                    (IReadOnlyList<string>)
                        [
                            item.Class,
                            double.IsInfinity(item.Point.Threshold) ? "above all" : Figures.Of(item.Point.Threshold),
                            Figures.Of(item.Point.FalsePositiveRate),
                            Figures.Of(item.Point.TruePositiveRate),
                        ]
                ),
            ]
        );
    }

    private static Chart Confusion(Prediction[] rows, IReadOnlyList<string> classes)
    {
        var places = classes.Select((name, i) => (name, i)).ToDictionary(StringComparer.Ordinal);
        var matrix = new ConfusionMatrix(
            Array.ConvertAll(rows, row => places[row.Label!]),
            Array.ConvertAll(rows, row => places[row.PredictedClass!]),
            classes.Count
        );
        int[] all = [.. Enumerable.Range(0, classes.Count)];
        int Of(int truth) => all.Sum(k => matrix[truth, k]);
        var data = Values(
            all.SelectMany(truth => all.Select(predicted => (truth, predicted))),
            cell =>
            {
                var share = Of(cell.truth) == 0 ? 0 : matrix[cell.truth, cell.predicted] / (double)Of(cell.truth);
                return Row(
                    ("truth", classes[cell.truth]),
                    ("predicted", classes[cell.predicted]),
                    ("n", matrix[cell.truth, cell.predicted]),
                    ("share", share)
                );
            }
        );
        var side = Math.Clamp(90 * classes.Count, 220, 440);
        var angle = classes.Max(name => name.Length) * 8 > side / classes.Count ? -40 : 0;
        var axes = $$"""
            {"x":{"field":"predicted","type":"nominal","title":"predicted","axis":{"labelAngle":{{angle}},"labelLimit":160,"domain":false,"ticks":false},"sort":null},
             "y":{"field":"truth","type":"nominal","title":"true","axis":{"labelLimit":160,"domain":false,"ticks":false},"sort":null} }
            """;
        return new Chart(
            "Confusion matrix",
            "Slides by true and predicted class; the darker, the larger the share of the true class.",
            Layers(
                side,
                side,
                Layer(
                    data,
                    """{"type":"rect","cornerRadius":4,"color":"var(--c1)"}""",
                    axes,
                    """
                    {"opacity":{"field":"share","type":"quantitative","scale":{"domain":[0,1],"range":[0.06,0.95]},"legend":null},
                     "tooltip":[{"field":"truth","title":"true"},{"field":"predicted","title":"predicted"},{"field":"n","title":"slides"},{"field":"share","title":"of the true class","format":".1%"}]}
                    """
                ),
                Layer(
                    data.DeepClone().AsObject(),
                    """{"type":"text","fontSize":17,"fontWeight":600,"tooltip":null}""",
                    axes,
                    """{"text":{"field":"n","type":"quantitative"},"color":{"condition":{"test":"datum.share > 0.5","value":"var(--paper)"},"value":"var(--ink)"}}"""
                )
            ),
            ["True \\ predicted", .. classes],
            [
                .. all.Select(truth =>
                    (IReadOnlyList<string>)
                        [classes[truth], .. all.Select(k => matrix[truth, k].ToString(CultureInfo.InvariantCulture))]
                ),
            ]
        );
    }

    private static Chart Scatter(EvaluationResult result, string column)
    {
        Prediction[] rows = [.. result.Rows.Select(row => row.Prediction)];
        var low = rows.Min(row => Math.Min(row.Value!.Value, row.Score));
        var high = rows.Max(row => Math.Max(row.Value!.Value, row.Score));
        string Axis(string field, string title) =>
            $$"""{"field":"{{field}}","type":"quantitative","title":{{Quoted(
                title
            )}},"scale":{"zero":false,"nice":true} }""";
        var axes = $$"""{"x":{{Axis("x", $"true {column}")}},"y":{{Axis("y", $"predicted {column}")}}}""";
        var spearman = result.Pooled["spearman"];
        var folds = result.Folds.Count > 0;
        return new Chart(
            "Predicted against true",
            (
                spearman.Estimate is { } rho
                    ? $"Spearman's ρ {Figures.Of(rho.Value)} ({Figures.Interval(rho)}). "
                    : $"Spearman's ρ is not determined: {spearman.Reason}. "
            ) + "Each point is a slide. Dashed: prediction equals truth.",
            Layers(
                Side,
                400,
                Layer(Values([low, high], at => Row(("x", at), ("y", at))), Guide, axes),
                Layer(
                    Values(
                        rows,
                        row =>
                            Row(
                                ("x", row.Value!.Value),
                                ("y", row.Score),
                                ("slide", row.Slide),
                                ("fold", row.Fold?.ToString(CultureInfo.InvariantCulture) ?? "–")
                            )
                    ),
                    $$"""{"type":"point","filled":true,"size":55,"opacity":0.75{{(
                        folds ? "" : ",\"color\":\"var(--c1)\""
                    )}}}""",
                    axes,
                    (
                        folds
                            ? """{"color":{"field":"fold","type":"nominal","title":"fold","legend":{"orient":"bottom"}},"""
                            : "{"
                    )
                        + """
                        "tooltip":[{"field":"slide","title":"slide"},{"field":"x","title":"true","format":".4g"},{"field":"y","title":"predicted","format":".4g"},{"field":"fold","title":"fold"}]}
                        """
                )
            ),
            ["Slide", "Fold", "True", "Predicted"],
            [
                .. rows.Select(row =>
                    (IReadOnlyList<string>)
                        [
                            row.Slide,
                            row.Fold?.ToString(CultureInfo.InvariantCulture) ?? "–",
                            Figures.Of(row.Value!.Value),
                            Figures.Of(row.Score),
                        ]
                ),
            ]
        );
    }

    private static IEnumerable<Chart> OfRisks(EvaluationResult result, string time)
    {
        var risk = result.Risk!;
        (string Name, KaplanMeier Curve)[] curves =
        [
            .. new[] { ("lower risk", risk.Low), ("higher risk", risk.High) }
                .Where(group => group.Item2 is not null)
                .Select(group => (group.Item1, group.Item2!)),
        ];
        var data = Values(
            curves.SelectMany(curve =>
                curve
                    .Curve.Steps.Where(step => step.Time > 0)
                    .Prepend(
                        curve.Curve.Steps[0].Time > 0
                            ? new SurvivalStep(0, curve.Curve.N, 0, 0, 1, 1, 1, 0)
                            : curve.Curve.Steps[0]
                    )
                    .Select(step => (curve.Name, Step: step))
            ),
            item =>
                Row(
                    ("group", item.Name),
                    ("t", item.Step.Time),
                    ("s", item.Step.Survival),
                    ("low", item.Step.Low),
                    ("high", item.Step.High),
                    ("risk", item.Step.AtRisk),
                    ("censored", item.Step.Censored)
                )
        );
        var x =
            $$"""{"field":"t","type":"quantitative","title":{{Quoted(
            time
        )}},"scale":{"domainMin":0},"axis":{"grid":false} }""";
        const string Colour = """
            {"field":"group","type":"nominal","sort":null,"scale":{"domain":["lower risk","higher risk"],"range":["var(--c1)","var(--c2)"]},"legend":{"title":null,"orient":"top","symbolOpacity":1}}
            """;
        var test = risk.Test is { } logRank
            ? $"Log-rank test: p {Figures.P(logRank.PValue)}."
            : $"No log-rank test: {risk.Reason}.";
        yield return new Chart(
            "Survival by predicted risk",
            $"{test} Kaplan-Meier curves of the patients above and at or below the median predicted risk of their fold, "
                + "with pointwise 95\u00a0% bands (Greenwood); ticks: censored.",
            Layers(
                Side,
                480,
                Layer(
                    data,
                    """{"type":"area","interpolate":"step-after","opacity":0.16,"tooltip":null}""",
                    $$"""{"x":{{x}},"y":{"field":"low","type":"quantitative","title":"share without event","scale":{"domain":[0,1]},"axis":{"tickCount":5} },"y2":{"field":"high"},"color":{{Colour}},"order":null}"""
                ),
                Layer(
                    data.DeepClone().AsObject(),
                    """{"type":"line","interpolate":"step-after","strokeWidth":2.5}""",
                    $$"""{"x":{{x}},"y":{"field":"s","type":"quantitative"},"color":{{Colour}},"order":null}"""
                ),
                Layer(
                    data.DeepClone().AsObject(),
                    """{"type":"tick","thickness":1.5,"size":10,"orient":"vertical"}""",
                    $$"""
                    {"x":{{x}},"y":{"field":"s","type":"quantitative"},"color":{{Colour}},
                     "tooltip":[{"field":"group","title":"group"},{"field":"t","title":"time","format":".4g"},{"field":"s","title":"share without event","format":".3f"},{"field":"risk","title":"at risk"},{"field":"censored","title":"censored"}]}
                    """,
                    transform: """[{"filter":"datum.censored > 0"}]"""
                )
            ),
            ["Group", time, "At risk", "Events", "Censored", "Share without event", "95 % interval"],
            [
                .. curves.SelectMany(curve =>
                    curve.Curve.Steps.Select(step =>
                        (IReadOnlyList<string>)
                            [
                                curve.Name,
                                Figures.Given(step.Time),
                                step.AtRisk.ToString(CultureInfo.InvariantCulture),
                                step.Events.ToString(CultureInfo.InvariantCulture),
                                step.Censored.ToString(CultureInfo.InvariantCulture),
                                Figures.Of(step.Survival),
                                $"{Figures.Of(step.Low)} to {Figures.Of(step.High)}",
                            ]
                    )
                ),
            ]
        );
    }

    internal static string Quoted(string text) => JsonValue.Create(text).ToJsonString();

    internal static JsonObject Layers(int height, int width, params ReadOnlySpan<JsonObject> layers)
    {
        var array = new JsonArray();
        foreach (var layer in layers)
            array.Add(layer);
        return new JsonObject
        {
            ["width"] = width,
            ["height"] = height,
            ["layer"] = array,
        };
    }

    internal static JsonObject Layer(
        JsonObject data,
        string mark,
        string encoding,
        string? more = null,
        string? transform = null
    )
    {
        var channels = JsonNode.Parse(encoding)!.AsObject();
        if (more is not null)
        {
            foreach (var (name, value) in JsonNode.Parse(more)!.AsObject())
                channels[name] = value?.DeepClone();
        }

        var layer = new JsonObject
        {
            ["data"] = data,
            ["mark"] = JsonNode.Parse(mark),
            ["encoding"] = channels,
        };
        if (transform is not null)
            layer["transform"] = JsonNode.Parse(transform);
        return layer;
    }

    internal static JsonObject Values<T>(IEnumerable<T> items, Func<T, JsonObject> row) =>
        new() { ["values"] = new JsonArray([.. items.Select(row)]) };

    internal static JsonObject Row(params ReadOnlySpan<(string Name, JsonNode? Value)> fields)
    {
        var row = new JsonObject();
        foreach (var (name, value) in fields)
            row[name] = value;
        return row;
    }
}
