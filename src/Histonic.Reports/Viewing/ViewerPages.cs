using Histonic.Reports.Pages;

namespace Histonic.Reports.Viewing;

/// <summary>The viewer's pages. What depends on names is text: escaped here, or set as text by the scripts.</summary>
internal static class ViewerPages
{
    private static readonly int[] _magnifications = [2, 5, 10, 20, 40];

    /// <summary>The list of slides.</summary>
    public static string Cohort(ViewerCatalog catalog)
    {
        var page = Begin("Slides", catalog.Folder.Root, "wide", false);
        page.Add($"<nav aria-label=\"Runs\" id=\"runs\">");
        foreach (var run in catalog.Runs)
        {
            if (run.Problem is null)
                page.Add($"<a href=\"/run/{run.Id}\">{run.Name}</a>");
            else
                page.Add($"<span class=\"note\">{run.Name}: {run.Problem}</span>");
        }

        page.Add($"</nav>")
            .Add($"<form class=\"bar-of-tools\" id=\"tools\" role=\"search\">")
            .Add($"<label>Show <select id=\"run\"></select></label>")
            .Add(
                $"<label>Find <input id=\"find\" type=\"search\" placeholder=\"slide, patient, label\" autocomplete=\"off\"></label>"
            )
            .Add($"<label>Label <select id=\"label\"><option value=\"\">all</option></select></label>")
            .Add(
                $"<label>Only <select id=\"show\"><option value=\"\">all</option><option value=\"wrong\">worst quarter</option><option value=\"map\">with a heat map</option></select></label>"
            )
            .Add($"<output id=\"count\" aria-live=\"polite\"></output>")
            .Add($"</form>")
            .Add($"<div class=\"scroll\"><table class=\"slidelist\" id=\"slides\"><thead><tr>")
            .Add($"<th scope=\"col\">picture</th>");
        foreach (var column in new[] { "slide", "patient", "fold", "label", "prediction", "score", "error" })
            page.Add(
                $"<th scope=\"col\" class=\"{(column is "fold" or "score" or "error" ? "n" : "")}\" data-key=\"{column}\"><button type=\"button\">{column}</button></th>"
            );
        page.Add($"</tr></thead><tbody aria-busy=\"true\"></tbody></table></div>");
        foreach (var note in catalog.Notes)
            page.Add($"<p class=\"note\">{note}</p>");
        return End(page, "viewer-cohort.js");
    }

    /// <summary>One slide.</summary>
    public static string Slide(ViewedSlide slide)
    {
        var page = Begin(slide.Name, null, "slidepage", true);
        page.Add($"<div id=\"stage\" data-slide=\"{slide.Id}\" aria-busy=\"true\">")
            .Add($"<div id=\"image\"></div>")
            .Add($"<p id=\"problem\" role=\"alert\" hidden></p>")
            .Add(
                $"<div id=\"wait\" hidden><p role=\"status\"></p><progress max=\"1\" aria-label=\"Share of the slide that is read\"></progress></div>"
            )
            .Add($"<div id=\"zoom\" role=\"group\" aria-label=\"Magnification\" hidden>")
            .Add($"<button type=\"button\" data-how=\"out\" aria-label=\"Smaller\" title=\"Smaller (-)\">−</button>")
            .Add($"<output id=\"magnification\" title=\"10× is 1 µm a pixel of the screen\"></output>")
            .Add($"<button type=\"button\" data-how=\"in\" aria-label=\"Larger\" title=\"Larger (+)\">+</button>")
            .Add($"<button type=\"button\" data-how=\"all\" title=\"The whole slide (0)\">Fit</button>");
        foreach (var (i, times) in _magnifications.Index())
            page.Add($"<button type=\"button\" data-times=\"{times}\" title=\"Press {i + 1}\">{times}×</button>");
        page.Add($"<span id=\"bar\" aria-hidden=\"true\" hidden><i></i><span></span></span>")
            .Add($"</div>")
            .Add($"</div>")
            .Add($"<aside aria-label=\"Layers and patch\">")
            .Add($"<section aria-label=\"Predictions\"><dl id=\"predictions\"></dl></section>")
            .Add($"<section aria-labelledby=\"layers-title\"><h2 id=\"layers-title\">Layers</h2>")
            .Add($"<div id=\"layers\">")
            .Add($"<label id=\"features-row\" hidden>Embeddings <select id=\"features\"></select></label>")
            .Add($"<label><input type=\"checkbox\" id=\"grid\"> Patch grid <kbd>g</kbd></label>")
            .Add($"<label><input type=\"checkbox\" id=\"tissue\"> Tissue <kbd>t</kbd></label>")
            .Add($"<fieldset><legend>Colour</legend>")
            .Add($"<label><input type=\"radio\" name=\"colour\" value=\"none\" checked> none <kbd>n</kbd></label>")
            .Add($"<label><input type=\"radio\" name=\"colour\" value=\"map\"> heat map <kbd>h</kbd></label>")
            .Add($"<label class=\"sub\" id=\"map-row\" hidden>Map <select id=\"map\"></select></label>")
            .Add(
                $"<label class=\"sub\" id=\"of-row\" hidden>Its <select id=\"of\"><option value=\"value\">value</option><option value=\"spread\">spread over networks</option><option value=\"spread_symmetries\">spread over symmetries</option></select></label>"
            )
            .Add(
                $"<label><input type=\"radio\" name=\"colour\" value=\"components\"> principal components 1 to 3 <kbd>p</kbd></label>"
            )
            .Add(
                $"<label><input type=\"radio\" name=\"colour\" value=\"channel\"> embedding channel <kbd>c</kbd></label>"
            )
            .Add(
                $"<label class=\"sub\" id=\"channel-row\" hidden>Channel <input id=\"channel\" type=\"number\" min=\"0\" value=\"0\"> <kbd>[</kbd><kbd>]</kbd></label>"
            )
            .Add($"</fieldset>")
            .Add(
                $"<label>Opacity <input id=\"opacity\" type=\"range\" min=\"0\" max=\"1\" step=\"0.01\" value=\"0.5\"><output id=\"opacity-value\"></output></label>"
            )
            .Add(
                $"<label>Threshold <input id=\"threshold\" type=\"range\" min=\"0\" max=\"1\" step=\"0.01\" value=\"0\"><output id=\"threshold-value\"></output></label>"
            )
            .Add(
                $"<p id=\"legend\" class=\"note\" hidden><span id=\"low\"></span><i aria-hidden=\"true\"></i><span id=\"high\"></span></p>"
            )
            .Add($"<p id=\"layer-note\" class=\"note\" role=\"status\"></p>")
            .Add($"</div></section>")
            .Add($"<section aria-labelledby=\"patch-title\"><h2 id=\"patch-title\">Patch</h2>")
            .Add(
                $"<div id=\"patch\" aria-live=\"polite\"><p class=\"note\">Click a patch with tissue, or press <kbd>Enter</kbd> for the one in the middle.</p></div></section>"
            )
            .Add($"</aside>");
        return End(page, "openseadragon.min.js", "vega.min.js", "vega-lite.min.js", "viewer-slide.js");
    }

    /// <summary>One run: what report.html shows of it, every point with its slides.</summary>
    public static string Run(ViewedRun run)
    {
        var target = string.Join(", ", run.Predictions!.Target.Columns);
        var page = Begin($"Prediction of {target}", run.Name, "runpage", false);
        page.Add($"<div id=\"run\" data-run=\"{run.Id}\" aria-busy=\"true\">");
        RunSectionPage.Write(
            page,
            new RunSection(
                $"{run.Predictions.Target.Task}: {target}",
                "Click a point or a bar of a chart for the slides behind it; or go to the chart by Tab, through its points by the arrow keys, and press Enter.",
                run.Predictions,
                run.Result,
                []
            ),
            "section"
        );
        page.Add($"</div>")
            .Add(
                $"<dialog id=\"behind\" aria-labelledby=\"behind-title\"><h2 id=\"behind-title\"></h2><ul></ul><button type=\"button\" class=\"quiet\">Close</button></dialog>"
            );
        return End(page, "vega.min.js", "vega-lite.min.js", "viewer-run.js", "report.js");
    }

    private static HtmlWriter Begin(string title, string? subtitle, string kind, bool single)
    {
        var page = new HtmlWriter()
            .Add($"<!DOCTYPE html>")
            .Add($"<html lang=\"en\">")
            .Add($"<head>")
            .Add($"<meta charset=\"utf-8\">")
            .Add($"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">")
            .Add($"<title>{title} – Histonic</title>")
            .Add($"<link rel=\"icon\" href=\"data:,\">")
            .Add($"<link rel=\"stylesheet\" href=\"/assets/report.css\">")
            .Add($"<link rel=\"stylesheet\" href=\"/assets/viewer.css\">")
            .Add($"</head>")
            .Add($"<body class=\"{kind}\">")
            .Add($"<main>")
            .Add($"<header><div>");
        if (kind is not "wide")
            page.Add($"<a id=\"back\" href=\"/\">All slides</a>");
        page.Add($"<h1>{title}</h1>");
        if (subtitle is not null)
            page.Add($"<p>{subtitle}</p>");
        page.Add($"</div><div class=\"buttons\">");
        if (single)
            page.Add(
                $"<a class=\"quiet\" id=\"previous\" rel=\"prev\" hidden>Previous</a><a class=\"quiet\" id=\"next\" rel=\"next\" hidden>Next</a>"
            );
        return page.Add($"<button type=\"button\" class=\"quiet\" id=\"theme\" hidden>Dark</button></div></header>");
    }

    private static string End(HtmlWriter page, params ReadOnlySpan<string> scripts)
    {
        page.Add($"</main>").Add($"<script src=\"/assets/viewer.js\"></script>");
        foreach (var script in scripts)
            page.Add($"<script src=\"/assets/{script}\"></script>");
        return page.Add($"</body>").Add($"</html>").ToString();
    }
}
