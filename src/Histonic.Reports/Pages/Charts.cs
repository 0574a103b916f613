using System.Globalization;
using System.Text.Json.Nodes;
using Histonic.Reports.Evaluation;
using Histonic.Slides.Cohorts;
using Histonic.Statistics;
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
        {
            yield return Roc(result, rows);
            yield return PrecisionAndRecall(result, rows);
        }

        if (result.Pooled["ece"].Estimate is { } error)
            yield return Reliability(result, rows, error);
        if (result.Classes.Count > 0 && rows.All(row => row.PredictedClass is not null))
            yield return Confusion(rows, result.Classes);
    }

    /// <summary>One class against the rest for each class that occurs; of two classes the second only.</summary>
    private static IEnumerable<(string Name, double[] Scores, bool[] Positives)> AgainstTheRest(
        EvaluationResult result,
        Prediction[] rows
    )
    {
        foreach (var k in result.Classes.Count == 2 ? [1] : Enumerable.Range(0, result.Classes.Count))
        {
            var name = result.Classes[k];
            bool[] positives = [.. rows.Select(row => string.Equals(row.Label, name, StringComparison.Ordinal))];
            if (positives.Contains(true))
                yield return (
                    name,
                    [.. rows.Select(row => result.Classes.Count == 2 ? row.Score : row.Probabilities[k])],
                    positives
                );
        }
    }

    private static Chart PrecisionAndRecall(EvaluationResult result, Prediction[] rows)
    {
        List<(string Class, PrecisionRecallPoint Point)> points = [];
        List<double> chances = [];
        foreach (var (name, scores, positives) in AgainstTheRest(result, rows))
        {
            var label = $"{name} (AP {Figures.Of(PrecisionRecall.Average(scores, positives))})";
            points.AddRange(PrecisionRecall.Points(scores, positives).Select(point => (label, point)));
            chances.Add(positives.Count(positive => positive) / (double)rows.Length);
        }

        const string Axes = """
            {"x":{"field":"x","type":"quantitative","title":"recall (sensitivity)","scale":{"domain":[0,1]},"axis":{"tickCount":5}},
             "y":{"field":"y","type":"quantitative","title":"precision","scale":{"domain":[0,1]},"axis":{"tickCount":5}},"order":null}
            """;
        var lines = Layer(
            Values(
                points,
                item =>
                    Row(
                        ("class", item.Class),
                        ("x", item.Point.Recall),
                        ("y", item.Point.Precision),
                        ("threshold", Finite(item.Point.Threshold))
                    )
            ),
            """{"type":"line","interpolate":"step-before","strokeWidth":2.5,"strokeJoin":"round"}""",
            Axes,
            """
            {"color":{"field":"class","type":"nominal","sort":null,"legend":{"title":null,"orient":"bottom","direction":"vertical","labelLimit":300}},
             "tooltip":[{"field":"class","title":"class"},{"field":"x","title":"recall","format":".3f"},{"field":"y","title":"precision","format":".3f"}]}
            """
        );
        var binary = result.Classes.Count == 2;
        return new Chart(
            "Precision and recall",
            binary
                ? $"How many of the slides called {result.Classes[1]} are so, at each share of them found. Dashed: chance."
                : "Each class against all others: how many of those called are right, at each share found.",
            binary
                ? Layers(
                    Side,
                    Side,
                    Layer(Values([0.0, 1.0], at => Row(("x", at), ("y", chances[0]))), Guide, Axes),
                    lines
                )
                : Layers(Side, Side, lines),
            ["Class", "Threshold", "Recall", "Precision"],
            [
                .. points.Select(item =>
                    (IReadOnlyList<string>)
                        [
                            item.Class,
                            double.IsInfinity(item.Point.Threshold) ? "above all" : Figures.Of(item.Point.Threshold),
                            Figures.Of(item.Point.Recall),
                            Figures.Of(item.Point.Precision),
                        ]
                ),
            ]
        );
    }

    private static Chart Reliability(EvaluationResult result, Prediction[] rows, Estimate error)
    {
        var binary = result.Classes.Count == 2;
        // of more than two classes: how sure the network is of its own class, and how often it is right
        double[] probabilities = [.. rows.Select(row => binary ? row.Probabilities[1] : row.Probabilities.Max())];
        bool[] outcomes =
        [
            .. rows.Select(row =>
                string.Equals(
                    row.Label,
                    result.Classes[binary ? 1 : row.Probabilities.ToList().IndexOf(row.Probabilities.Max())],
                    StringComparison.Ordinal
                )
            ),
        ];
        var bins = Calibration.Curve(probabilities, outcomes, level: EvaluationOptions.Level);
        var outcome = binary ? $"share that is {result.Classes[1]}" : "share that is right";
        string Axes(string y) =>
            $$"""
            {"x":{"field":"x","type":"quantitative","title":"predicted probability","scale":{"domain":[0,1]},"axis":{"tickCount":5} },
             "y":{"field":"{{y}}","type":"quantitative","title":{{Quoted(
                outcome
            )}},"scale":{"domain":[0,1]},"axis":{"tickCount":5} } }
            """;
        var data = Values(
            bins,
            bin =>
                Row(
                    ("x", bin.Predicted),
                    ("y", bin.Observed.Value),
                    ("low", bin.Observed.Low),
                    ("high", bin.Observed.High),
                    ("n", bin.Observed.N)
                )
        );
        return new Chart(
            "Reliability",
            $"Calibration error {Figures.Of(error.Value)} ({Figures.Interval(error)}). Slides in 10 bins of equal width, bars: 95 % intervals of the share (Wilson). Dashed: probabilities that come true as often as they say.",
            Layers(
                Side,
                Side,
                Layer(Values([0.0, 1.0], at => Row(("x", at), ("y", at))), Guide, Axes("y")),
                Layer(
                    data,
                    """{"type":"rule","strokeWidth":1.5,"color":"var(--c1)","opacity":0.6,"tooltip":null}""",
                    Axes("low"),
                    """{"y2":{"field":"high"}}"""
                ),
                Layer(
                    data.DeepClone().AsObject(),
                    """{"type":"line","point":{"filled":true,"size":60,"color":"var(--c1)"},"strokeWidth":2,"color":"var(--c1)"}""",
                    Axes("y"),
                    """
                    {"tooltip":[{"field":"x","title":"predicted","format":".3f"},{"field":"y","title":"observed","format":".3f"},{"field":"low","title":"from","format":".3f"},{"field":"high","title":"to","format":".3f"},{"field":"n","title":"slides"}]}
                    """
                )
            ),
            ["Predicted", "Observed", "95 % interval", "Slides"],
            [
                .. bins.Select(bin =>
                    (IReadOnlyList<string>)
                        [
                            Figures.Of(bin.Predicted),
                            Figures.Of(bin.Observed.Value),
                            Figures.Interval(bin.Observed),
                            bin.Observed.N.ToString(CultureInfo.InvariantCulture),
                        ]
                ),
            ]
        );
    }

    private static Chart Roc(EvaluationResult result, Prediction[] rows)
    {
        List<(string Class, RocPoint Point)> points = [];
        foreach (var (name, scores, positives) in AgainstTheRest(result, rows))
        {
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
                                ("y", item.Point.TruePositiveRate),
                                ("threshold", Finite(item.Point.Threshold))
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
            )}},"scale":{"zero":false,"nice":true},"axis":{"tickCount":6} }""";
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

    /// <summary>A number as JSON knows it; null where it is infinite.</summary>
    private static JsonValue? Finite(double value) => double.IsFinite(value) ? JsonValue.Create(value) : null;

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
