using System.Globalization;
using Histonic.Reports.Evaluation;
using Histonic.Statistics;
using Histonic.Statistics.Survival;

namespace Histonic.Reports.Pages;

/// <summary>Writes report.html: one file with everything in it, which makes no outside request.</summary>
public static class ReportPage
{
    /// <summary>Writes the page.</summary>
    /// <param name="path">The file that comes to be, whole or not at all; the same report gives the same bytes.</param>
    /// <param name="report">What it shows. Every text is shown as text, never as markup.</param>
    /// <exception cref="Histonic.Slides.InputException">The file cannot be written.</exception>
    public static void Write(string path, Report report) =>
        PageShell.Write(
            path,
            report.Title,
            report.Subtitle,
            page =>
            {
                if (report.Runs.Count > 1)
                    Contents(page, report);
                Cards(page, report);
                if (report.Comparison is { } comparison)
                    ComparisonSection.Write(page, comparison);
                foreach (var (i, average) in report.Averages.Index())
                    Average(page, average, $"labels-{i + 1}");
                for (var i = 0; i < report.Runs.Count; i++)
                    RunSectionPage.Write(page, report.Runs[i], $"run-{i + 1}");
            },
            report.Provenance,
            charts: report.Runs.Count > 0
        );

    private static void Contents(HtmlWriter page, Report report)
    {
        page.Add($"<nav aria-label=\"Contents\">");
        if (report.Comparison is not null)
            page.Add($"<a href=\"#comparison\">Comparison</a>");
        foreach (var (i, average) in report.Averages.Index())
            page.Add($"<a href=\"#labels-{i + 1}\">Mean of {average.Name}</a>");
        for (var i = 0; i < report.Runs.Count; i++)
            page.Add($"<a href=\"#run-{i + 1}\">{report.Runs[i].Title}</a>");
        page.Add($"<a href=\"#provenance\">How this was made</a>").Add($"</nav>");
    }

    private static void Cards(HtmlWriter page, Report report)
    {
        page.Add($"<div class=\"cards\">");
        foreach (var average in report.Averages)
            Card(page, $"Mean of {average.Name}", average.Pooled, null);
        foreach (var run in report.Runs)
            Card(page, run.Title, run.Result.Pooled, run.Result.Risk?.Test);
        page.Add($"</div>");
    }

    private static void Card(HtmlWriter page, string title, ScoreGroup pooled, LogRank? test)
    {
        page.Add($"<div class=\"card\">").Add($"<h2>{title}</h2>");
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

        if (test is not null)
            page.Add($"<p>Log-rank p {Figures.P(test.PValue)} between risk groups</p>");
        page.Add($"<p>{pooled.Slides} slides of {pooled.Patients} patients</p>").Add($"</div>");
    }

    private static void Average(HtmlWriter page, LabelAverage average, string id)
    {
        page.Add($"<section id=\"{id}\"><h2>Mean of {average.Name}</h2>");
        RunSectionPage.MetricsTable(page, average.Pooled, average.Folds);
        page.Add(
                $"<p class=\"note\">Every label counts the same and is scored on the slides whose truth it knows; each resample of the patients is the same for all labels.</p>"
            )
            .Add($"</section>");
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
}
