using System.Text.Json.Nodes;
using Histonic.Slides.Cohorts;
using Histonic.Statistics.Classification;
using Histonic.Statistics.Survival;

namespace Histonic.Reports.Pages;

/// <summary>Charts as Vega-Lite specifications with their data.</summary>
internal static class Charts
{
    private const int Side = 300;

    public static JsonObject Roc(IReadOnlyList<Prediction> rows, string positive)
    {
        var points = RocCurve.Points(
            Array.ConvertAll([.. rows], row => row.Score),
            Array.ConvertAll([.. rows], row => string.Equals(row.Label, positive, StringComparison.Ordinal))
        );
        return Layers(
            [
                Layer(
                    Values([(0.0, 0.0), (1.0, 1.0)], point => Row(("x", point.Item1), ("y", point.Item2))),
                    """{"type":"line","strokeDash":[4,4],"color":"#888","strokeWidth":1}""",
                    RocAxes
                ),
                Layer(
                    Values(points, point => Row(("x", point.FalsePositiveRate), ("y", point.TruePositiveRate))),
                    """{"type":"line","strokeWidth":2,"interpolate":"linear"}""",
                    RocAxes,
                    """{"order":null}"""
                ),
            ],
            Side
        );
    }

    public static JsonObject Confusion(ConfusionMatrix matrix, IReadOnlyList<string> classes)
    {
        var cells =
            from truth in Enumerable.Range(0, classes.Count)
            from predicted in Enumerable.Range(0, classes.Count)
            select Row(
                ("truth", classes[truth]),
                ("predicted", classes[predicted]),
                ("n", matrix[truth, predicted]),
                ("share", Share(matrix, truth, predicted))
            );
        const string Axes = """
            {"x":{"field":"predicted","type":"nominal","title":"predicted","axis":{"labelAngle":0},"sort":null},
             "y":{"field":"truth","type":"nominal","title":"true","sort":null}}
            """;
        var data = new JsonObject { ["values"] = new JsonArray([.. cells]) };
        return Layers(
            [
                Layer(
                    data,
                    """{"type":"rect","cornerRadius":3}""",
                    Axes,
                    """{"color":{"field":"share","type":"quantitative","scale":{"scheme":"blues","domain":[0,1]},"legend":{"title":"share of the true class","format":".0%"}}}"""
                ),
                Layer(
                    data.DeepClone().AsObject(),
                    """{"type":"text","fontSize":16,"fontWeight":600}""",
                    Axes,
                    """{"text":{"field":"n","type":"quantitative"},"color":{"condition":{"test":"datum.share > 0.5","value":"white"},"value":"#123"}}"""
                ),
            ],
            Math.Max(220, 70 * classes.Count)
        );
    }

    public static JsonObject Scatter(IReadOnlyList<Prediction> rows, string column)
    {
        var (low, high) = (
            rows.Min(row => Math.Min(row.Value!.Value, row.Score)),
            rows.Max(row => Math.Max(row.Value!.Value, row.Score))
        );
        var axes = $$"""
            {"x":{"field":"x","type":"quantitative","title":{{JsonValue.Create(
                $"true {column}"
            ).ToJsonString()}},"scale":{"zero":false,"nice":true} },
             "y":{"field":"y","type":"quantitative","title":{{JsonValue.Create(
                $"predicted {column}"
            ).ToJsonString()}},"scale":{"zero":false,"nice":true} } }
            """;
        return Layers(
            [
                Layer(
                    Values([low, high], at => Row(("x", at), ("y", at))),
                    """{"type":"line","strokeDash":[4,4],"color":"#888","strokeWidth":1}""",
                    axes
                ),
                Layer(
                    Values(
                        rows,
                        row =>
                            Row(
                                ("x", row.Value!.Value),
                                ("y", row.Score),
                                ("slide", row.Slide),
                                ("fold", row.Fold is { } fold ? $"{fold}" : "all")
                            )
                    ),
                    """{"type":"point","filled":true,"size":50,"opacity":0.75}""",
                    axes,
                    """
                    {"color":{"field":"fold","type":"nominal","title":"fold"},
                     "tooltip":[{"field":"slide"},{"field":"x","title":"true","format":".3g"},{"field":"y","title":"predicted","format":".3g"},{"field":"fold"}]}
                    """
                ),
            ],
            Side
        );
    }

    public static JsonObject KaplanMeier(IReadOnlyList<(string Name, KaplanMeier Curve)> curves, string time)
    {
        var steps = curves.SelectMany(curve =>
            curve
                .Curve.Steps.Select(step => (curve.Name, step.Time, step.Survival, step.Low, step.High, step.Censored))
                .Prepend((curve.Name, 0, 1, 1, 1, 0))
        );
        var data = Values(
            steps,
            step =>
                Row(
                    ("group", step.Name),
                    ("t", step.Time),
                    ("s", step.Survival),
                    ("low", step.Low),
                    ("high", step.High),
                    ("censored", step.Censored)
                )
        );
        var title = JsonValue.Create(time).ToJsonString();
        var x = $$"""{"field":"t","type":"quantitative","title":{{title}},"scale":{"nice":false} }""";
        const string Colour = """{"field":"group","type":"nominal","title":"predicted risk","sort":null}""";
        return Layers(
            [
                Layer(
                    data,
                    """{"type":"area","interpolate":"step-after","opacity":0.15}""",
                    $$"""{"x":{{x}},"y":{"field":"low","type":"quantitative","title":"share alive","scale":{"domain":[0,1]} },"y2":{"field":"high"},"color":{{Colour}} }"""
                ),
                Layer(
                    data.DeepClone().AsObject(),
                    """{"type":"line","interpolate":"step-after","strokeWidth":2}""",
                    $$"""{"x":{{x}},"y":{"field":"s","type":"quantitative"},"color":{{Colour}} }"""
                ),
                Layer(
                    data.DeepClone().AsObject(),
                    """{"type":"tick","thickness":1.5,"size":9,"orient":"vertical"}""",
                    $$"""{"x":{{x}},"y":{"field":"s","type":"quantitative"},"color":{{Colour}} }""",
                    transform: """[{"filter":"datum.censored > 0"}]"""
                ),
            ],
            Side,
            400
        );
    }

    private const string RocAxes = """
        {"x":{"field":"x","type":"quantitative","title":"1 − specificity"},"y":{"field":"y","type":"quantitative","title":"sensitivity"} }
        """;

    private static double Share(ConfusionMatrix matrix, int truth, int predicted)
    {
        var all = Enumerable.Range(0, matrix.Classes).Sum(k => matrix[truth, k]);
        return all == 0 ? 0 : matrix[truth, predicted] / (double)all;
    }

    private static JsonObject Layers(JsonObject[] layers, int height, int width = Side) =>
        new()
        {
            ["width"] = width,
            ["height"] = height,
            ["layer"] = new JsonArray([.. layers]),
        };

    private static JsonObject Layer(
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

    private static JsonObject Values<T>(IEnumerable<T> items, Func<T, JsonObject> row) =>
        new() { ["values"] = new JsonArray([.. items.Select(row)]) };

    private static JsonObject Row(params ReadOnlySpan<(string Name, JsonNode? Value)> fields)
    {
        var row = new JsonObject();
        foreach (var (name, value) in fields)
            row[name] = value;
        return row;
    }
}
