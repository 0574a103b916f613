using Histonic.Slides;

namespace Histonic.Reports.Pages;

/// <summary>What every page has around its content: one file with everything in it, which makes no outside request.</summary>
internal static class PageShell
{
    // the page must not fetch anything, whatever it is given to show; Vega compiles its expressions, hence 'unsafe-eval'
    private const string Policy =
        "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline' 'unsafe-eval'; base-uri 'none'; form-action 'none'";

    /// <summary>Writes a page.</summary>
    /// <param name="path">The file that comes to be, whole or not at all; the same content gives the same bytes.</param>
    /// <param name="title">Its heading.</param>
    /// <param name="subtitle">One sentence beneath.</param>
    /// <param name="content">Writes what stands between the heading and the provenance.</param>
    /// <param name="provenance">What it was made from, in order.</param>
    /// <param name="charts">Whether there are charts.</param>
    /// <exception cref="InputException">The file cannot be written.</exception>
    public static void Write(
        string path,
        string title,
        string subtitle,
        Action<HtmlWriter> content,
        IReadOnlyList<(string Name, string Value)> provenance,
        bool charts
    )
    {
        var page = new HtmlWriter();
        page.Add($"<!DOCTYPE html>")
            .Add($"<html lang=\"en\">")
            .Add($"<head>")
            .Add($"<meta charset=\"utf-8\">")
            .Add($"<meta http-equiv=\"Content-Security-Policy\" content=\"{new HtmlWriter.Markup(Policy)}\">")
            .Add($"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">")
            .Add($"<meta name=\"generator\" content=\"Histonic {ProductVersion.Current}\">")
            .Add($"<title>{title}</title>")
            .Add($"<link rel=\"icon\" href=\"data:,\">")
            .Add($"<style>\n{Asset("report.css")}</style>")
            .Add($"</head>")
            .Add($"<body>")
            .Add($"<main>")
            .Add($"<header>")
            .Add($"<div><h1>{title}</h1>")
            .Add($"<p>{subtitle}</p></div>")
            .Add($"<button type=\"button\" class=\"quiet\" id=\"theme\" hidden>Dark</button>")
            .Add($"</header>")
            .Add(
                $"<noscript><p class=\"note\">The charts need JavaScript; their numbers stand in the tables beneath them.</p></noscript>"
            );
        content(page);
        Provenance(page, provenance);
        page.Add($"</main>");
        if (charts)
            page.Add($"<script>{Asset("vega.min.js")}</script>").Add($"<script>{Asset("vega-lite.min.js")}</script>");
        page.Add($"<script>\n{Asset("report.js")}</script>").Add($"</body>").Add($"</html>");
        AtomicFile.WriteText(path, page.ToString());
    }

    /// <summary>Adds a chart with its caption and numbers.</summary>
    /// <param name="page">The page.</param>
    /// <param name="chart">The chart.</param>
    /// <param name="between">Writes what stands between the chart and its caption.</param>
    public static void Draw(HtmlWriter page, Chart chart, Action? between = null)
    {
        page.Add($"<figure>")
            .Add($"<h3>{chart.Title}</h3>")
            .Add($"<div class=\"chart\" role=\"img\" aria-label=\"{chart.Title}. {chart.Caption}\"></div>")
            // the serialiser escapes <, > and &, so that no text can close the element
            .Add(
                $"<script type=\"application/json\">{new HtmlWriter.Markup(chart.Specification.ToJsonString())}</script>"
            );
        between?.Invoke();
        page.Add($"<figcaption>{chart.Caption}</figcaption>");
        if (chart.Columns.Count > 0)
        {
            page.Add($"<details class=\"numbers\"><summary>Numbers of this chart</summary><div class=\"scroll tall\">")
                .Table(chart.Columns, chart.Rows)
                .Add($"</div></details>");
        }

        page.Add($"</figure>");
    }

    private static void Provenance(HtmlWriter page, IReadOnlyList<(string Name, string Value)> provenance)
    {
        page.Add($"<section id=\"provenance\">")
            .Add($"<h2>How this was made</h2>")
            .Add($"<div class=\"scroll\"><table><tbody>");
        foreach (var (name, value) in provenance)
            page.Add($"<tr><th scope=\"row\">{name}</th><td><code>{value}</code></td></tr>");
        page.Add($"<tr><th scope=\"row\">Charts</th><td>Vega and Vega-Lite, BSD-3-Clause</td></tr>")
            .Add($"</tbody></table></div>")
            .Add($"</section>");
    }

    private static HtmlWriter.Markup Asset(string name)
    {
        using var stream = typeof(PageShell).Assembly.GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        return new HtmlWriter.Markup(reader.ReadToEnd());
    }
}
