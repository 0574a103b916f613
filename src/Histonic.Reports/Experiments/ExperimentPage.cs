using System.Globalization;
using Histonic.Reports.Pages;

namespace Histonic.Reports.Experiments;

/// <summary>Writes report.html of an experiment: encoders × targets with intervals, tests, and the number of tasks.</summary>
public static class ExperimentPage
{
    /// <summary>Writes the page.</summary>
    /// <param name="path">The file that comes to be, whole or not at all; the same results give the same bytes.</param>
    /// <param name="name">What the experiment is called.</param>
    /// <param name="results">What it says. Every text is shown as text, never as markup.</param>
    /// <param name="failures">What could not be done: what, and why.</param>
    /// <param name="provenance">What it was made from, in order.</param>
    /// <exception cref="Histonic.Slides.InputException">The file cannot be written.</exception>
    public static void Write(
        string path,
        string name,
        ExperimentResults results,
        IReadOnlyList<(string What, string Why)> failures,
        IReadOnlyList<(string Name, string Value)> provenance
    )
    {
        string[] targets = [.. results.Summaries.Select(one => one.Target).Distinct(StringComparer.Ordinal)];
        string[] encoders = [.. results.Summaries.Select(one => one.Encoder).Distinct(StringComparer.Ordinal)];
        var drawn = results.Summaries.Any(one => one.Values.Count > 0);
        PageShell.Write(
            path,
            name,
            string.Create(
                CultureInfo.InvariantCulture,
                $"{encoders.Length} encoders on {targets.Length} targets: {results.Scores.Count} cross-validated predictors; every slide is predicted by a network that never saw its patient."
            ),
            page =>
            {
                page.Add($"<nav aria-label=\"Contents\"><a href=\"#table\">Encoders and targets</a>");
                if (drawn)
                    page.Add($"<a href=\"#forest\">Intervals</a>");
                if (results.Curves.Count > 0)
                    page.Add($"<a href=\"#tasks\">Number of tasks</a>");
                page.Add($"<a href=\"#tests\">Tests</a><a href=\"#all\">All predictors</a>");
                if (failures.Count > 0)
                    page.Add($"<a href=\"#failures\">Failures</a>");
                page.Add($"<a href=\"#provenance\">How this was made</a></nav>");
                Table(page, results, encoders, targets);
                if (drawn)
                {
                    page.Add($"<section id=\"forest\"><h2>Intervals</h2><div class=\"charts\">");
                    foreach (var target in results.Summaries.GroupBy(one => one.Target, StringComparer.Ordinal))
                    {
                        if (target.Any(one => one.Values.Count > 0))
                            PageShell.Draw(page, ExperimentCharts.Forest(target.Key, [.. target]));
                    }

                    page.Add($"</div></section>");
                }

                if (results.Curves.Count > 0)
                {
                    page.Add($"<section id=\"tasks\"><h2>Number of tasks</h2><div class=\"charts\">");
                    foreach (var curve in results.Curves)
                        PageShell.Draw(page, ExperimentCharts.Curve(curve));
                    page.Add($"</div><p class=\"note\">{TaskCurve.Method}</p></section>");
                }

                Tests(page, results);
                All(page, results);
                if (failures.Count > 0)
                {
                    page.Add($"<section id=\"failures\"><h2>What could not be done</h2><div class=\"scroll\">")
                        .Table(
                            ["What", "Why"],
                            [.. failures.Select(failure => (IReadOnlyList<string>)[failure.What, failure.Why])]
                        )
                        .Add($"</div></section>");
                }
            },
            provenance,
            charts: drawn
        );
    }

    private static void Table(HtmlWriter page, ExperimentResults results, string[] encoders, string[] targets)
    {
        page.Add($"<section id=\"table\"><h2>Encoders and targets</h2>")
            .Add(
                $"<div class=\"scroll\"><table class=\"metrics\"><thead><tr><th scope=\"col\">Encoder</th><th scope=\"col\">Tasks</th>"
            );
        foreach (var target in targets)
        {
            var metric = results
                .Summaries.FirstOrDefault(one => Same(one.Target, target) && one.Metric is not null)
                ?.Metric;
            page.Add($"<th scope=\"col\">{target}<br><small>{metric?.Title ?? "no figure"}</small></th>");
        }

        page.Add($"</tr></thead><tbody>");
        foreach (var encoder in encoders)
        {
            EncoderSummary[] mine = [.. results.Summaries.Where(one => Same(one.Encoder, encoder))];
            page.Add(
                $"<tr><th scope=\"row\">{encoder}</th><td>{(mine[0].Tasks.Count > 0 ? mine[0].Tasks.Count.ToString(CultureInfo.InvariantCulture) : "–")}</td>"
            );
            foreach (var target in targets)
                Cell(page, Array.Find(mine, one => Same(one.Target, target)));
            page.Add($"</tr>");
        }

        page.Add($"</tbody></table></div>")
            .Add(
                $"<p class=\"note\">Bold: the mean over seeds; sd: between encoder seeds (of one encoder, between predictor seeds); beneath: the seed-averaged predictions, whose figure may be better than the mean, with their 95 % interval from resamples of whole patients.</p></section>"
            );
    }

    private static void Cell(HtmlWriter page, EncoderSummary? one)
    {
        if (one is null || one.Values.Count == 0)
        {
            page.Add($"<td class=\"none\">{one?.Reason ?? "–"}</td>");
            return;
        }

        page.Add($"<td><b>{Figures.Of(one.Mean)}</b>");
        if (one.Spread is { } spread)
            page.Add($" <small>sd {spread:0.000}</small>");
        if (one.Averaged is { } averaged)
            page.Add($"<br><small>{Figures.Of(averaged.Value)} ({Figures.Interval(averaged)})</small>");
        if (one.Missing > 0)
            page.Add($"<br><small>{one.Missing} of {one.Missing + one.Values.Count} predictors failed</small>");
        page.Add($"</td>");
    }

    private static void Tests(HtmlWriter page, ExperimentResults results) =>
        page.Add($"<section id=\"tests\"><h2>Tests between encoders</h2>")
            .Add(
                $"<p class=\"note\">Of the seed-averaged predictions, on the slides that both predicted; first less second. p (Holm) is corrected for all comparisons of the target.</p>"
            )
            .Add($"<div class=\"scroll tall\" tabindex=\"0\" role=\"region\" aria-label=\"Tests between encoders\">")
            .Table(
                ["Target", "First", "Second", "Difference", "from", "to", "p", "p (Holm)", "Test"],
                [
                    .. results.Comparisons.Select(one =>
                        (IReadOnlyList<string>)
                            [
                                one.Target,
                                one.First,
                                one.Second,
                                one.Values is { } values ? Figures.Of(values.Difference.Value) : "",
                                one.Values is { } low ? Figures.Of(low.Difference.Low) : "",
                                one.Values is { } high ? Figures.Of(high.Difference.High) : "",
                                one.Values is { } p ? P(p.PValue) : "",
                                one.AdjustedP is { } adjusted ? P(adjusted) : "",
                                one.Reason ?? one.Test,
                            ]
                    ),
                ],
                sortable: true
            )
            .Add($"</div></section>");

    private static void All(HtmlWriter page, ExperimentResults results) =>
        page.Add($"<section id=\"all\"><h2>All predictors</h2>")
            .Add($"<div class=\"scroll tall\" tabindex=\"0\" role=\"region\" aria-label=\"All predictors\">")
            .Table(
                [
                    "Encoder",
                    "Encoder seed",
                    "Predictor seed",
                    "Target",
                    "Metric",
                    "Value",
                    "from",
                    "to",
                    "slides",
                    "Remark",
                ],
                [
                    .. results.Scores.Select(score =>
                        (IReadOnlyList<string>)
                            [
                                score.Entry.Encoder,
                                score.Entry.EncoderSeed?.ToString(CultureInfo.InvariantCulture) ?? "",
                                score.Entry.PredictorSeed.ToString(CultureInfo.InvariantCulture),
                                score.Entry.Target,
                                score.Score?.Metric.Title ?? "",
                                score.Score?.Estimate is { } value ? Figures.Of(value.Value) : "",
                                score.Score?.Estimate is { } low ? Figures.Of(low.Low) : "",
                                score.Score?.Estimate is { } high ? Figures.Of(high.High) : "",
                                score.Slides.ToString(CultureInfo.InvariantCulture),
                                score.Entry.Failure ?? score.Score?.Reason ?? "",
                            ]
                    ),
                ],
                sortable: true
            )
            .Add($"</div></section>");

    private static string P(double p) => Math.Max(p, 0.0001).ToString("0.0000", CultureInfo.InvariantCulture);

    private static bool Same(string a, string b) => string.Equals(a, b, StringComparison.Ordinal);
}
