using System.Globalization;
using Histonic.Reports.Pages;

namespace Histonic.Reports.Encoders;

/// <summary>Writes report.html of evaluated encoders: encoders × tasks with intervals, differences, embedding maps.</summary>
public static class EncoderReportPage
{
    private const string FewMark = "†";

    /// <summary>Writes the page.</summary>
    /// <param name="path">The file that comes to be, whole or not at all; the same report gives the same bytes.</param>
    /// <param name="report">What it shows. Every text is shown as text, never as markup.</param>
    /// <exception cref="Histonic.Slides.InputException">The file cannot be written.</exception>
    public static void Write(string path, EncoderReport report)
    {
        var methods = report.Figures.Select(figure => figure.Method).Distinct(StringComparer.Ordinal).ToList();
        PageShell.Write(
            path,
            "Encoders on labelled patches",
            $"{Count(report.Encoders.Count, "encoder")}, frozen, on {Count(report.Tasks.Count, "task")}: how well their embeddings tell "
                + "the classes of patches of held-out patients or slides.",
            page =>
            {
                Contents(page, report, methods);
                page.Add($"<section id=\"what\"><h2>Encoders and tasks</h2>");
                Entries(page, report);
                page.Add($"</section>");
                foreach (var (i, method) in methods.Index())
                {
                    page.Add($"<section id=\"method-{i + 1}\"><h2>{method}</h2>");
                    Method(page, report, method);
                    page.Add($"</section>");
                }

                foreach (var (i, task) in Mapped(report).Index())
                {
                    page.Add($"<section id=\"map-{i + 1}\"><h2>Embedding maps: {task.Name}</h2>");
                    page.Add($"<div class=\"charts\">");
                    foreach (var map in report.Maps.Where(map => Same(map.Task, task.Name)))
                        PageShell.Draw(page, EncoderCharts.Map(map, task.Classes));
                    page.Add(
                        $"</div><p class=\"note\">The coordinates of every point stand in maps.csv.</p></section>"
                    );
                }

                page.Add($"<section id=\"all\"><h2>All figures of the test patches</h2>");
                All(page, report);
                page.Add($"</section>");
            },
            report.Provenance,
            charts: report.Figures.Count > 0
        );
    }

    private static IEnumerable<TaskEntry> Mapped(EncoderReport report) =>
        report.Tasks.Where(task => report.Maps.Any(map => Same(map.Task, task.Name)));

    private static void Contents(HtmlWriter page, EncoderReport report, List<string> methods)
    {
        page.Add($"<nav aria-label=\"Contents\">");
        foreach (var (i, method) in methods.Index())
            page.Add($"<a href=\"#method-{i + 1}\">{method}</a>");
        foreach (var (i, task) in Mapped(report).Index())
            page.Add($"<a href=\"#map-{i + 1}\">Map: {task.Name}</a>");
        page.Add($"<a href=\"#all\">All figures</a><a href=\"#provenance\">How this was made</a></nav>");
    }

    private static void Entries(HtmlWriter page, EncoderReport report)
    {
        page.Add($"<div class=\"scroll\">")
            .Table(
                ["Encoder", "What it is"],
                [.. report.Encoders.Select(encoder => (IReadOnlyList<string>)[encoder.Label, encoder.Description])]
            )
            .Add($"</div><h3>Tasks</h3><div class=\"scroll\">")
            .Table(
                ["Task", "Classes", "Test patches", "of patients or slides"],
                [
                    .. report.Tasks.Select(task =>
                        (IReadOnlyList<string>)
                            [
                                task.FewGroups ? $"{task.Name} {FewMark}" : task.Name,
                                string.Join(", ", task.Classes),
                                task.Patches.ToString(CultureInfo.InvariantCulture),
                                task.Groups.ToString(CultureInfo.InvariantCulture),
                            ]
                    ),
                ]
            )
            .Add($"</div>");
        if (report.Tasks.Any(task => task.FewGroups))
            page.Add($"<p class=\"note\">{FewMark} So few patients or slides that their intervals say little.</p>");
        foreach (var note in report.Notes)
            page.Add($"<p class=\"note\">{note}</p>");
    }

    private static void Method(HtmlWriter page, EncoderReport report, string method)
    {
        List<EncoderFigure> figures =
        [
            .. report.Figures.Where(figure =>
                Same(figure.Method, method) && Same(figure.Metric, EncoderReport.MainMetric)
            ),
        ];
        if (figures.Count == 0)
        {
            page.Add($"<p class=\"note\">No {EncoderReport.MainMetric} could be determined.</p>");
            return;
        }

        page.Add(
            $"<div class=\"scroll\"><table class=\"metrics\"><thead><tr><th scope=\"col\">{EncoderReport.MainMetric}</th>"
        );
        foreach (var task in report.Tasks)
            page.Add($"<th scope=\"col\">{task.Name}{(task.FewGroups ? $" {FewMark}" : "")}</th>");
        page.Add($"</tr></thead><tbody>");
        foreach (var encoder in report.Encoders)
        {
            page.Add($"<tr><th scope=\"row\">{encoder.Label}</th>");
            foreach (var task in report.Tasks)
                Cell(page, figures.Find(one => Same(one.Encoder, encoder.Label) && Same(one.Task, task.Name)));
            page.Add($"</tr>");
        }

        page.Add($"</tbody></table></div>");
        Differences(page, report, method);
        page.Add($"<div class=\"charts\">");
        PageShell.Draw(page, EncoderCharts.Areas(report, figures));
        page.Add($"</div>");
    }

    private static void Cell(HtmlWriter page, EncoderFigure? figure)
    {
        if (figure is null)
        {
            page.Add($"<td class=\"none\">–</td>");
            return;
        }

        page.Add($"<td><b>{Figures.Of(figure.Estimate.Value)}</b> <small>{Figures.Interval(figure.Estimate)}</small>");
        if (figure.Spread is { } spread)
            page.Add($"<br><small>sd {spread:0.000}</small>");
        page.Add($"</td>");
    }

    private static void Differences(HtmlWriter page, EncoderReport report, string method)
    {
        var mine = report.Differences.Where(one => Same(one.Method, method)).ToList();
        if (mine.Count == 0)
            return;
        page.Add($"<h3>{report.Encoders[0].Label} compared with the others</h3>")
            .Add($"<div class=\"scroll\"><table class=\"metrics\"><thead><tr><th scope=\"col\">Difference of AUC</th>");
        foreach (var task in report.Tasks)
            page.Add($"<th scope=\"col\">{task.Name}{(task.FewGroups ? $" {FewMark}" : "")}</th>");
        page.Add($"</tr></thead><tbody>");
        foreach (var other in report.Encoders.Skip(1))
        {
            page.Add($"<tr><th scope=\"row\">minus {other.Label}</th>");
            foreach (var task in report.Tasks)
            {
                var one = mine.Find(difference =>
                    Same(difference.Other, other.Label) && Same(difference.Task, task.Name)
                );
                if (one is null)
                    page.Add($"<td class=\"none\">–</td>");
                else
                    page.Add(
                        $"<td><b>{Signed(one.Difference.Value)}</b> <small>{Signed(one.Difference.Low)} to {Signed(one.Difference.High)}</small></td>"
                    );
            }

            page.Add($"</tr>");
        }

        page.Add($"</tbody></table></div>");
    }

    private static void All(HtmlWriter page, EncoderReport report) =>
        page.Add($"<div class=\"scroll tall\" tabindex=\"0\" role=\"region\" aria-label=\"All figures\">")
            .Table(
                ["Encoder", "Task", "Method", "Metric", "Value", "from", "to", "sd", "patches"],
                [
                    .. report.Figures.Select(figure =>
                        (IReadOnlyList<string>)
                            [
                                figure.Encoder,
                                figure.Task,
                                figure.Method,
                                figure.Metric,
                                Figures.Of(figure.Estimate.Value),
                                Figures.Of(figure.Estimate.Low),
                                Figures.Of(figure.Estimate.High),
                                figure.Spread is { } spread ? Figures.Of(spread) : "",
                                figure.Estimate.N.ToString(CultureInfo.InvariantCulture),
                            ]
                    ),
                ],
                sortable: true
            )
            .Add($"</div>");

    // rounded first: what rounds to 0 has no sign
    private static string Signed(double difference) =>
        Math.Round(difference, 3).ToString("+0.000;−0.000;0.000", CultureInfo.InvariantCulture);

    private static string Count(int n, string what) =>
        string.Create(CultureInfo.InvariantCulture, $"{n} {what}{(n == 1 ? "" : "s")}");

    private static bool Same(string a, string b) => string.Equals(a, b, StringComparison.Ordinal);
}
