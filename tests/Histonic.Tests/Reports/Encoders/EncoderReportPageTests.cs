using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Histonic.Reports.Encoders;
using Histonic.Statistics;
using Histonic.Tests.Support;

namespace Histonic.Tests.Reports.Encoders;

public sealed class EncoderReportPageTests
{
    private const string Evil = "</script><script>alert(1)</script><img src=x onerror=alert(1)>\"'&";

    [Fact]
    public void Names_are_text_never_markup()
    {
        var html = Written(Report(Evil));
        Assert.DoesNotContain("<script>alert", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<img", html, StringComparison.Ordinal);
        // the page's own scripts: one a chart (its data), Vega, Vega-Lite, the page's
        Assert.Equal(1 + 2 + 3, Regex.Count(html, "<script"));
    }

    [Fact]
    public void The_same_report_gives_the_same_bytes() => Assert.Equal(Written(Report("e")), Written(Report("e")));

    [Fact]
    public void Every_figure_stands_in_a_table_and_charts_hold_every_encoder_and_point()
    {
        var html = Written(Report("e"));
        Assert.Contains("<b>0.750</b> <small>0.600 to 0.900</small>", html, StringComparison.Ordinal);
        Assert.Contains("sd 0.020", html, StringComparison.Ordinal);
        Assert.Contains("<b>−0.100</b> <small>−0.200 to 0.000</small>", html, StringComparison.Ordinal);
        Assert.Contains("small †", html, StringComparison.Ordinal);
        var charts = Regex
            .Matches(html, "<script type=\"application/json\">(?<json>.*?)</script>", RegexOptions.NonBacktracking)
            .Select(match => JsonNode.Parse(match.Groups["json"].Value)!)
            .ToList();
        Assert.Equal([2, 2], charts[0]["concat"]!.AsArray().Select(task => task!["data"]!["values"]!.AsArray().Count));
        // the first map has both panels, the second no t-SNE
        Assert.Equal([2, 1], charts.Skip(1).Select(chart => chart["hconcat"]!.AsArray().Count));
        Assert.Equal(3, charts[1]["hconcat"]![1]!["data"]!["values"]!.AsArray().Count);
    }

    [Fact]
    public void The_page_asks_for_nothing_from_outside()
    {
        var html = Written(Report("e"));
        Assert.Contains("default-src 'none'; img-src data:", html, StringComparison.Ordinal);
        Assert.DoesNotMatch("""(src|href)\s*=\s*["']?(https?:)?//""", html);
    }

    private static string Written(EncoderReport report)
    {
        using var folder = new TemporaryFolder();
        EncoderReportPage.Write(folder["report.html"], report);
        return File.ReadAllText(folder["report.html"]);
    }

    private static EncoderReport Report(string name)
    {
        string[] encoders = [$"{name} one", $"{name} two"];
        string[] tasks = [$"{name} large", $"{name} small"];
        return new EncoderReport(
            [.. encoders.Select(encoder => new EncoderEntry(encoder, name))],
            [new TaskEntry(tasks[0], [name, "b"], 90, 40, false), new TaskEntry(tasks[1], [name, "b"], 9, 4, true)],
            [
                .. encoders.SelectMany(encoder =>
                    tasks.Select(task => new EncoderFigure(
                        encoder,
                        task,
                        "Network",
                        EncoderReport.MainMetric,
                        new Estimate(0.75, 0.6, 0.9, 9),
                        0.02
                    ))
                ),
            ],
            [new EncoderDifference(encoders[1], tasks[0], "Network", new Estimate(-0.1, -0.2, -1e-5, 90))],
            [Map(encoders[0], (1, 2)), Map(encoders[1], null)],
            [name],
            [(name, name)]
        );

        PatchMap Map(string encoder, (double, double)? neighbours) =>
            new(
                encoder,
                tasks[0],
                [.. Enumerable.Range(0, 3).Select(i => new PatchPoint($"{name} {i}", name, name, (i, -i), neighbours))],
                90,
                [0.5, 0.25]
            );
    }
}
