using System.Globalization;
using System.Text.Json.Nodes;
using Histonic.Reports.Pages;
using static Histonic.Reports.Pages.Charts;

namespace Histonic.Reports.Experiments;

/// <summary>The charts of an experiment as Vega-Lite specifications, in the page's own colours.</summary>
internal static class ExperimentCharts
{
    private const int Width = 420;

    /// <summary>Every encoder on one target: intervals, and the seeds themselves.</summary>
    /// <param name="target">The target.</param>
    /// <param name="summaries">The encoders of the target, at least one with a figure.</param>
    public static Chart Forest(string target, IReadOnlyList<EncoderSummary> summaries)
    {
        EncoderSummary[] drawn = [.. summaries.Where(one => one.Values.Count > 0)];
        var metric = drawn[0].Metric!;
        var y =
            $$"""{"field":"encoder","type":"nominal","sort":[{{string.Join(',', drawn.Select(one => Quoted(one.Encoder)))}}],"title":null,"axis":{"labelLimit":300,"ticks":false,"domain":false,"grid":false} }""";
        var x =
            $$"""{"type":"quantitative","title":{{Quoted(metric.Title)}},"scale":{"zero":false,"nice":true},"axis":{"tickCount":6} }""";
        var seeds = Values(
            drawn.SelectMany(one => one.Values.Select(value => (one.Encoder, value))),
            one =>
                Row(
                    ("encoder", one.Encoder),
                    ("value", one.value.Value),
                    ("encoder_seed", one.value.EncoderSeed),
                    ("predictor_seed", one.value.PredictorSeed)
                )
        );
        var layers = new JsonArray();
        if (metric.Range is { } range)
            layers.Add(
                JsonNode.Parse(
                    $$"""{"mark":{"type":"rule","strokeDash":[4,4],"color":"var(--soft)","tooltip":null},"encoding":{"x":{"datum":{{Number(range.Chance)}},{{x[1..]}} } }"""
                )
            );
        layers.Add(
            JsonNode.Parse(
                $$"""{"transform":[{"filter":"isValid(datum.low)"}],"mark":{"type":"rule","strokeWidth":5,"strokeCap":"round","opacity":0.4,"color":"var(--c1)"},"encoding":{"y":{{y}},"x":{{With(x, "low")}},"x2":{"field":"high"} } }"""
            )
        );
        var dots = JsonNode
            .Parse(
                $$"""
                {"mark":{"type":"point","filled":false,"size":40,"opacity":0.9,"color":"var(--c2)"},"encoding":{"y":{{y}},"x":{{With(
                    x,
                    "value"
                )}},
                 "tooltip":[{"field":"encoder"},{"field":"value","title":"this seed","format":".3f"},{"field":"encoder_seed"},{"field":"predictor_seed"}] } }
                """
            )!
            .AsObject();
        dots["data"] = seeds;
        layers.Add(dots);
        layers.Add(
            JsonNode.Parse(
                $$"""
                {"mark":{"type":"point","filled":true,"size":90,"opacity":1,"color":"var(--c1)"},"encoding":{"y":{{y}},"x":{{With(
                    x,
                    "mean"
                )}},
                 "tooltip":[{"field":"encoder"},{"field":"mean","title":"mean over seeds","format":".3f"},{"field":"low","title":"from","format":".3f"},{"field":"high","title":"to","format":".3f"}] } }
                """
            )
        );
        return new Chart(
            $"{target}: {metric.Title}",
            "Points: mean over seeds; rings: the seeds; bars: 95\u00a0% interval over patients of the seed-averaged predictions; dashed: chance.",
            new JsonObject
            {
                ["width"] = Width,
                ["height"] = new JsonObject { ["step"] = 22 },
                ["data"] = Values(
                    drawn,
                    one =>
                        Row(
                            ("encoder", one.Encoder),
                            ("mean", one.Mean),
                            ("low", one.Averaged?.Low),
                            ("high", one.Averaged?.High)
                        )
                ),
                ["layer"] = layers,
            },
            ["Encoder", "Mean over seeds", "Seed-averaged", "95 % interval"],
            [
                .. drawn.Select(one =>
                    (IReadOnlyList<string>)
                        [
                            one.Encoder,
                            Figures.Of(one.Mean),
                            one.Averaged is { } averaged ? Figures.Of(averaged.Value) : "",
                            one.Averaged is { } interval ? Figures.Interval(interval) : "",
                        ]
                ),
            ]
        );
    }

    /// <summary>The number of tasks against performance.</summary>
    public static Chart Curve(TaskCurve curve)
    {
        var x =
            """{"field":"number","type":"quantitative","title":"tasks the encoder was trained on","scale":{"nice":false,"zero":false,"padding":20},"axis":{"tickMinStep":1,"format":"d","grid":false} }""";
        var y =
            $$"""{"field":"mean","type":"quantitative","title":{{Quoted(curve.Metric.Title)}},"scale":{"zero":false} }""";
        var rho = curve.Rho is { } estimate
            ? $"Spearman's ρ = {Figures.Of(estimate.Value)} ({Figures.Interval(estimate)}) over {curve.Points.Count} encoders."
            : $"No correlation: {curve.Reason}.";
        return new Chart(
            $"{curve.Target}: number of tasks",
            $"Points: encoders, each the mean over its seeds; line: the mean over encoders of that many tasks. {rho}",
            new JsonObject
            {
                ["width"] = Width,
                ["height"] = 260,
                ["data"] = Values(
                    curve.Points,
                    point => Row(("encoder", point.Encoder), ("number", point.Tasks.Count), ("mean", point.Mean))
                ),
                ["layer"] = new JsonArray(
                    JsonNode.Parse(
                        $$"""{"mark":{"type":"line","color":"var(--c1)","strokeWidth":2,"tooltip":null},"encoding":{"x":{{x}},"y":{"aggregate":"mean",{{y[1..]}} } }"""
                    ),
                    JsonNode.Parse(
                        $$"""{"mark":{"type":"point","filled":true,"size":70,"opacity":0.75,"color":"var(--c2)"},"encoding":{"x":{{x}},"y":{{y}},"tooltip":[{"field":"encoder"},{"field":"number","title":"tasks"},{"field":"mean","title":"mean over seeds","format":".3f"}] } }"""
                    )
                ),
            },
            ["Encoder", "Tasks", "Mean over seeds"],
            [
                .. curve.Points.Select(point =>
                    (IReadOnlyList<string>)
                        [
                            point.Encoder,
                            point.Tasks.Count.ToString(CultureInfo.InvariantCulture),
                            Figures.Of(point.Mean),
                        ]
                ),
            ]
        );
    }

    private static string With(string axis, string field) => $"{{\"field\":\"{field}\",{axis[1..]}";

    private static string Number(double value) => value.ToString(CultureInfo.InvariantCulture);
}
