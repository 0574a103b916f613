using System.Globalization;
using Histonic.Reports.Evaluation;
using Histonic.Slides;
using Histonic.Statistics;

namespace Histonic.Reports.Pages;

/// <summary>Writes report.html: one file with everything in it, which makes no outside request.</summary>
public static class ReportPage
{
    // the page must not fetch anything, whatever it is given to show; Vega compiles its expressions, hence 'unsafe-eval'
    private const string Policy =
        "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline' 'unsafe-eval'; base-uri 'none'; form-action 'none'";

    /// <summary>Writes the page.</summary>
    /// <param name="path">The file that comes to be, whole or not at all; the same report gives the same bytes.</param>
    /// <param name="report">What it shows. Every text is shown as text, never as markup.</param>
    /// <exception cref="InputException">The file cannot be written.</exception>
    public static void Write(string path, Report report)
    {
        var page = new HtmlWriter();
        page.Add($"<!DOCTYPE html>")
            .Add($"<html lang=\"en\">")
            .Add($"<head>")
            .Add($"<meta charset=\"utf-8\">")
            .Add($"<meta http-equiv=\"Content-Security-Policy\" content=\"{new HtmlWriter.Markup(Policy)}\">")
            .Add($"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">")
            .Add($"<meta name=\"generator\" content=\"Histonic {ProductVersion.Current}\">")
            .Add($"<title>{report.Title}</title>")
            .Add($"<link rel=\"icon\" href=\"data:,\">")
            .Add($"<style>\n{Asset("report.css")}</style>")
            .Add($"</head>")
            .Add($"<body>")
            .Add($"<main>")
            .Add($"<header>")
            .Add($"<div><h1>{report.Title}</h1>")
            .Add($"<p>{report.Subtitle}</p></div>")
            .Add($"<button type=\"button\" class=\"quiet\" id=\"theme\" hidden>Dark</button>")
            .Add($"</header>")
            .Add(
                $"<noscript><p class=\"note\">The charts need JavaScript; their numbers stand in the tables beneath them.</p></noscript>"
            );
        if (report.Runs.Count > 1)
            Contents(page, report);
        Cards(page, report);
        for (var i = 0; i < report.Runs.Count; i++)
            RunSectionPage.Write(page, report.Runs[i], $"run-{i + 1}");
        Provenance(page, report);
        page.Add($"</main>");
        if (report.Runs.Count > 0)
            page.Add($"<script>{Asset("vega.min.js")}</script>").Add($"<script>{Asset("vega-lite.min.js")}</script>");
        page.Add($"<script>\n{Asset("report.js")}</script>").Add($"</body>").Add($"</html>");
        AtomicFile.WriteText(path, page.ToString());
    }

    private static void Contents(HtmlWriter page, Report report)
    {
        page.Add($"<nav aria-label=\"Contents\">");
        for (var i = 0; i < report.Runs.Count; i++)
            page.Add($"<a href=\"#run-{i + 1}\">{report.Runs[i].Title}</a>");
        page.Add($"<a href=\"#provenance\">How this was made</a>").Add($"</nav>");
    }

    private static void Cards(HtmlWriter page, Report report)
    {
        page.Add($"<div class=\"cards\">");
        foreach (var run in report.Runs)
        {
            var pooled = run.Result.Pooled;
            page.Add($"<div class=\"card\">").Add($"<h2>{run.Title}</h2>");
            if (pooled.Main.Estimate is { } estimate)
            {
                page.Add($"<p class=\"figure\"><b>{Figures.Of(estimate.Value)}</b> {pooled.Main.Metric.Title}</p>");
                Bar(page, pooled.Main.Metric, estimate);
                page.Add($"<p>95 % interval {Figures.Interval(estimate)}</p>");
            }
            else
            {
                page.Add($"<p class=\"figure\"><b>–</b> {pooled.Main.Metric.Title}</p>")
                    .Add($"<p>Not determined: {pooled.Main.Reason}</p>");
            }

            if (run.Result.Risk?.Test is { } test)
                page.Add($"<p>Log-rank p {Figures.P(test.PValue)} between risk groups</p>");
            page.Add($"<p>{pooled.Slides} slides of {pooled.Patients} patients</p>").Add($"</div>");
        }

        page.Add($"</div>");
    }

    // The interval on the metric's whole range, with a mark at chance.
    private static void Bar(HtmlWriter page, Metric metric, Estimate estimate)
    {
        if (metric.Range is not { } range)
            return;
        string At(double value) =>
            (100 * Math.Clamp((value - range.Low) / (range.High - range.Low), 0, 1)).ToString(
                "0.##",
                CultureInfo.InvariantCulture
            );
        var width = (100 * (estimate.High - estimate.Low) / (range.High - range.Low)).ToString(
            "0.##",
            CultureInfo.InvariantCulture
        );
        page.Add(
            $"<div class=\"bar\" aria-hidden=\"true\"><i style=\"left:{At(range.Chance)}%\"></i><s style=\"left:{At(estimate.Low)}%;width:{width}%\"></s><u style=\"left:{At(estimate.Value)}%\"></u></div>"
        );
    }

    private static void Provenance(HtmlWriter page, Report report)
    {
        page.Add($"<section id=\"provenance\">")
            .Add($"<h2>How this was made</h2>")
            .Add($"<div class=\"scroll\"><table><tbody>");
        foreach (var (name, value) in report.Provenance)
            page.Add($"<tr><th scope=\"row\">{name}</th><td><code>{value}</code></td></tr>");
        page.Add($"<tr><th scope=\"row\">Charts</th><td>Vega and Vega-Lite, BSD-3-Clause</td></tr>")
            .Add($"</tbody></table></div>")
            .Add($"</section>");
    }

    private static HtmlWriter.Markup Asset(string name)
    {
        using var stream = typeof(ReportPage).Assembly.GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        return new HtmlWriter.Markup(reader.ReadToEnd());
    }
}
