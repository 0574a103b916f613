using System.Globalization;
using System.Text.Json.Nodes;
using Histonic.Reports.Pages;
using static Histonic.Reports.Pages.Charts;

namespace Histonic.Reports.Encoders;

/// <summary>The charts of evaluated encoders as Vega-Lite specifications, in the page's own colours.</summary>
internal static class EncoderCharts
{
    private const int MapSide = 225;
    private const int Colours = 8;
    private const int Columns = 3;

    /// <summary>One method's AUC of every encoder on every task, with intervals.</summary>
    /// <param name="report">The report.</param>
    /// <param name="figures">The method's figures of the main metric, at least one.</param>
    public static Chart Areas(EncoderReport report, IReadOnlyList<EncoderFigure> figures)
    {
        var low = Math.Min(0.45, Math.Floor(figures.Min(figure => figure.Estimate.Low) * 10) / 10);
        var tasks = report
            .Tasks.Select(task => task.Name)
            .Where(task => figures.Any(figure => Same(figure.Task, task)))
            .ToList();
        var panels = new JsonArray();
        foreach (var (i, task) in tasks.Index())
            panels.Add(Areas(report, figures, task, low, labels: i % Columns == 0));
        return new Chart(
            "AUC by task",
            "Points: the AUC on the test patches; bars: 95\u00a0% intervals; dashed: chance.",
            new JsonObject
            {
                ["columns"] = Columns,
                ["spacing"] = 22,
                ["concat"] = panels,
            },
            ["Encoder", "Task", "AUC", "95 % interval"],
            [
                .. figures.Select(figure =>
                    (IReadOnlyList<string>)
                        [
                            figure.Encoder,
                            figure.Task,
                            Figures.Of(figure.Estimate.Value),
                            Figures.Interval(figure.Estimate),
                        ]
                ),
            ]
        );
    }

    private static JsonObject Areas(
        EncoderReport report,
        IReadOnlyList<EncoderFigure> figures,
        string task,
        double low,
        bool labels
    )
    {
        var x =
            $$"""{"type":"quantitative","title":"AUC","scale":{"domain":[{{Number(low)}},1],"nice":false,"zero":false},"axis":{"tickCount":5} }""";
        var y =
            $$"""{"field":"encoder","type":"nominal","sort":{{Words(report.Encoders.Select(encoder => encoder.Label))}},"title":null,"axis":{"labels":{{(labels ? "true" : "false")}},"labelLimit":260,"ticks":false,"domain":false,"grid":false} }""";
        return new JsonObject
        {
            ["title"] = new JsonObject
            {
                ["text"] = task,
                ["anchor"] = "start",
                ["fontSize"] = 13,
                ["color"] = "var(--ink)",
            },
            ["width"] = 260,
            ["height"] = new JsonObject { ["step"] = 26 },
            ["data"] = Values(
                figures.Where(figure => Same(figure.Task, task)),
                figure =>
                    Row(
                        ("encoder", figure.Encoder),
                        ("value", figure.Estimate.Value),
                        ("low", figure.Estimate.Low),
                        ("high", figure.Estimate.High)
                    )
            ),
            ["layer"] = new JsonArray(
                JsonNode.Parse(
                    $$"""{"mark":{"type":"rule","strokeDash":[4,4],"color":"var(--soft)","tooltip":null},"encoding":{"x":{"datum":0.5,{{x[1..]}} } }"""
                ),
                JsonNode.Parse(
                    $$"""{"mark":{"type":"rule","strokeWidth":5,"strokeCap":"round","opacity":0.4,"color":"var(--c1)"},"encoding":{"y":{{y}},"x":{{With(x, "low")}},"x2":{"field":"high"} } }"""
                ),
                JsonNode.Parse(
                    $$"""
                    {"mark":{"type":"point","filled":true,"size":90,"opacity":1,"color":"var(--c1)"},"encoding":{"y":{{y}},"x":{{With(
                        x,
                        "value"
                    )}},
                     "tooltip":[{"field":"encoder"},{"field":"value","title":"AUC","format":".3f"},{"field":"low","title":"from","format":".3f"},{"field":"high","title":"to","format":".3f"}] } }
                    """
                )
            ),
        };
    }

    /// <summary>The patches of one task by one encoder: on two principal components, and by t-SNE.</summary>
    public static Chart Map(PatchMap map, IReadOnlyList<string> classes)
    {
        var panels = new JsonArray(Panel(map, classes, "pc", Title(map, 0), Title(map, 1), point => point.Components));
        var neighbours = map.Points.All(point => point.Neighbours is not null);
        if (neighbours)
            panels.Add(Panel(map, classes, "tsne", "t-SNE 1", "t-SNE 2", point => point.Neighbours!.Value));
        var drawn =
            map.Points.Count < map.Of
                ? $"{map.Points.Count} of {map.Of} test patches, drawn at random"
                : $"All {map.Of} test patches";
        return new Chart(
            map.Encoder,
            $"{drawn}. Left: the two directions in which their embeddings differ most"
                + (neighbours ? "; right: t-SNE, in which neighbours mean more than distances." : "."),
            new JsonObject { ["spacing"] = 18, ["hconcat"] = panels },
            [],
            []
        );
    }

    private static JsonObject Panel(
        PatchMap map,
        IReadOnlyList<string> classes,
        string name,
        string titleX,
        string titleY,
        Func<PatchPoint, (double X, double Y)> place
    )
    {
        string Axis(string field, string title) =>
            $$"""{"field":"{{field}}","type":"quantitative","title":{{Quoted(
                title
            )}},"scale":{"zero":false,"nice":false,"padding":8},"axis":{"labels":false,"ticks":false,"grid":false,"domain":true} }""";
        var kind =
            $$"""{"field":"class","type":"nominal","scale":{"domain":{{Words(
                classes
            )}} },"legend":{"title":null,"orient":"bottom","columns":4,"labelLimit":160} }""";
        var encoding = JsonNode
            .Parse(
                $$"""
                {"x":{{Axis("x", titleX)}},"y":{{Axis("y", titleY)}},"color":{{kind}},
                 "tooltip":[{"field":"patch"},{"field":"class"},{"field":"group","title":"patient or slide"}] }
                """
            )!
            .AsObject();
        if (classes.Count > Colours)
            encoding["shape"] = JsonNode.Parse(kind);
        return new JsonObject
        {
            ["width"] = MapSide,
            ["height"] = MapSide,
            ["name"] = name,
            ["data"] = Values(
                map.Points,
                point =>
                    Row(
                        ("x", Math.Round(place(point).X, 3)),
                        ("y", Math.Round(place(point).Y, 3)),
                        ("class", point.Class),
                        ("patch", point.Patch),
                        ("group", point.Group)
                    )
            ),
            ["mark"] = JsonNode.Parse("""{"type":"point","filled":true,"size":26,"opacity":0.65}"""),
            ["encoding"] = encoding,
        };
    }

    private static string Title(PatchMap map, int component) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"component {component + 1} ({100 * map.Explained[component]:0} % of the variance)"
        );

    private static string With(string axis, string field) => $"{{\"field\":\"{field}\",{axis[1..]}";

    private static string Words(IEnumerable<string> words) => $"[{string.Join(',', words.Select(Quoted))}]";

    private static string Number(double value) => value.ToString(CultureInfo.InvariantCulture);

    private static bool Same(string a, string b) => string.Equals(a, b, StringComparison.Ordinal);
}
