using Histonic.Reports.Evaluation;
using Histonic.Statistics;

namespace Histonic.Reports.Pages;

/// <summary>The table that compares two runs.</summary>
internal static class ComparisonSection
{
    public static void Write(HtmlWriter page, RunComparison comparison)
    {
        page.Add($"<section id=\"comparison\"><h2>Comparison</h2>")
            .Add(
                $"<p class=\"note\">{comparison.FirstName} against {comparison.SecondName} on {comparison.Slides} slides of {comparison.Patients} patients that both predicted.</p>"
            )
            .Add($"<div class=\"scroll\"><table class=\"metrics\"><thead><tr><th scope=\"col\">Metric</th>");
        foreach (var heading in new[] { comparison.FirstName, comparison.SecondName, "Difference", "p", "p (Holm)" })
            page.Add($"<th scope=\"col\">{heading}</th>");
        page.Add($"<th scope=\"col\">Test</th></tr></thead><tbody>");
        foreach (var metric in comparison.Metrics)
        {
            page.Add($"<tr><th scope=\"row\" title=\"{metric.Metric.Meaning}\">{metric.Metric.Title}</th>");
            if (metric.Values is { } values)
            {
                Cell(page, values.First);
                Cell(page, values.Second);
                Cell(page, values.Difference);
                page.Add($"<td>{P(values.PValue)}</td><td>{P(metric.AdjustedP!.Value)}</td><td>{metric.Test}</td>");
            }
            else
            {
                page.Add($"<td class=\"none\" colspan=\"6\">not determined: {metric.Reason}</td>");
            }

            page.Add($"</tr>");
        }

        page.Add($"</tbody></table></div>")
            .Add($"<p class=\"note\">{string.Join(' ', comparison.Notes)}</p>")
            .Add($"</section>");
    }

    private static void Cell(HtmlWriter page, Estimate estimate) =>
        page.Add($"<td><b>{Figures.Of(estimate.Value)}</b> <small>{Figures.Interval(estimate)}</small></td>");

    private static string P(double p) => Figures.P(p).TrimStart('=', ' ');
}
