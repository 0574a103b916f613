using System.Globalization;
using Histonic.Reports.Evaluation;
using Histonic.Slides.Cohorts;
using Histonic.Slides.Reading;

namespace Histonic.Reports.Pages;

/// <summary>One run on a page: charts, metrics, slides with heat maps, every prediction.</summary>
internal static class RunSectionPage
{
    private static readonly int[] _steps = [1, 2, 5, 10, 20, 50];

    public static void Write(HtmlWriter page, RunSection run, string id)
    {
        page.Add($"<section id=\"{id}\">").Add($"<h2>{run.Title}</h2>");
        if (run.Description.Length > 0)
            page.Add($"<p class=\"note\">{run.Description}</p>");
        page.Add($"<div class=\"charts\">");
        foreach (var chart in Charts.Of(run.Result))
            PageShell.Draw(page, chart, run.Result.Risk is { } risk ? () => AtRisk(page, risk, run.Result) : null);
        page.Add($"</div>");
        Metrics(page, run.Result);
        Examples(page, run);
        Worst(page, run);
        Predictions(page, run.Result);
        page.Add($"</section>");
    }

    private static void AtRisk(HtmlWriter page, RiskGroups risk, EvaluationResult result)
    {
        var last = result.Rows.Max(row => row.Prediction.Time!.Value);
        var times = Ticks(last);
        List<IReadOnlyList<string>> rows = [];
        foreach (var (name, curve) in new[] { ("lower risk", risk.Low), ("higher risk", risk.High) })
        {
            if (curve is not null)
                rows.Add([
                    name,
                    .. times.Select(time => curve.AtRiskAt(time).ToString(CultureInfo.InvariantCulture)),
                    $"{curve.Steps.Sum(step => step.Events)} of {curve.N}",
                ]);
        }

        page.Add($"<div class=\"scroll atrisk\">")
            .Table(
                [
                    $"At risk at {string.Join("", result.Target.Columns.Take(1))}",
                    .. times.Select(Figures.Given),
                    "events",
                ],
                rows
            )
            .Add($"</div>");
    }

    // 0 and some round times up to the last: a step of 1, 2 or 5 times a power of ten.
    private static double[] Ticks(double last)
    {
        if (last <= 0)
            return [0];
        var power = Math.Pow(10, Math.Floor(Math.Log10(last)) - 1);
        var step = power * _steps.First(factor => last / (factor * power) <= 9);
        return [.. Enumerable.Range(0, (int)(last / step) + 1).Select(i => i * step)];
    }

    /// <summary>The metrics of all slides and of each fold.</summary>
    public static void MetricsTable(HtmlWriter page, ScoreGroup pooled, IReadOnlyList<ScoreGroup> folds)
    {
        page.Add($"<div class=\"scroll\"><table class=\"metrics\"><thead><tr><th scope=\"col\">Metric</th>")
            .Add($"<th scope=\"col\">{(folds.Count > 0 ? "All folds" : "Value")}</th>");
        foreach (var fold in folds)
            page.Add(
                $"<th scope=\"col\">Fold {fold.Fold}<br><small>{fold.Slides} slides, {fold.Patients} patients</small></th>"
            );
        page.Add($"</tr></thead><tbody>");
        foreach (var metric in pooled.Metrics)
        {
            page.Add($"<tr><th scope=\"row\" title=\"{metric.Metric.Meaning}\">{metric.Metric.Title}</th>");
            Cell(page, metric);
            foreach (var fold in folds)
                Cell(page, fold[metric.Key]);
            page.Add($"</tr>");
        }

        page.Add($"</tbody></table></div>");
    }

    private static void Metrics(HtmlWriter page, EvaluationResult result)
    {
        page.Add($"<h3>Metrics</h3>");
        MetricsTable(page, result.Pooled, result.Folds);
        page.Add($"<p class=\"note\">{string.Join(' ', result.Notes)}</p>");
        page.Add($"<details><summary>What the metrics mean</summary><dl>");
        foreach (var metric in result.Pooled.Metrics)
            page.Add($"<dt>{metric.Metric.Title}</dt><dd>{metric.Metric.Meaning}.</dd>");
        page.Add($"</dl></details>");
    }

    private static void Cell(HtmlWriter page, Score metric)
    {
        if (metric.Estimate is { } estimate)
            page.Add($"<td><b>{Figures.Of(estimate.Value)}</b> <small>{Figures.Interval(estimate)}</small></td>");
        else
            page.Add($"<td class=\"none\">not determined: {metric.Reason}</td>");
    }

    private static void Examples(HtmlWriter page, RunSection run)
    {
        if (run.Examples.Count == 0)
            return;
        page.Add($"<h3>What the network looked at</h3>")
            .Add(
                $"<div class=\"scale\"><span>spoke least</span><i aria-hidden=\"true\" style=\"background:linear-gradient(90deg,{Gradient()})\"></i><span>spoke most for the prediction</span></div>"
            )
            .Add($"<div class=\"slides\">");
        foreach (var example in run.Examples)
            page.Add($"<figure><div class=\"pair\">")
                .Add(
                    $"<img alt=\"{example.Slide}\" width=\"{example.Thumbnail.Width}\" height=\"{example.Thumbnail.Height}\" src=\"{DataUri(example.Thumbnail)}\">"
                )
                .Add(
                    $"<img alt=\"{example.Slide} under its heat map\" width=\"{example.Overlay.Width}\" height=\"{example.Overlay.Height}\" src=\"{DataUri(example.Overlay)}\">"
                )
                .Add($"</div><figcaption><b>{example.Slide}</b> {example.Caption}</figcaption></figure>");
        page.Add($"</div>");
    }

    private static void Worst(HtmlWriter page, RunSection run)
    {
        if (run.Worst.Count == 0)
            return;
        page.Add($"<h3>Most wrong</h3>").Add($"<div class=\"slides worst\">");
        foreach (var (row, thumbnail) in run.Worst)
            page.Add($"<figure>")
                .Add(
                    $"<img alt=\"{row.Prediction.Slide}\" width=\"{thumbnail.Width}\" height=\"{thumbnail.Height}\" src=\"{DataUri(thumbnail)}\">"
                )
                .Add(
                    $"<figcaption><b>{row.Prediction.Slide}</b> {Caption.Of(row.Prediction)}; error {Figures.Of(row.Error!.Value)}</figcaption></figure>"
                );
        page.Add($"</div>");
    }

    private static string Gradient() =>
        string.Join(
            ',',
            Enumerable
                .Range(0, 10)
                .Select(i => HeatMaps.ColourMap.At(i / 9.0))
                .Select(colour => $"#{colour.R:x2}{colour.G:x2}{colour.B:x2}")
        );

    private static void Predictions(HtmlWriter page, EvaluationResult result)
    {
        var many = result.Rows.Any(row => row.Prediction.Probabilities.Count > 0);
        string[] outputs = result.Target switch
        {
            TargetSpec.Classification => many
                ? ["predicted", .. result.Classes.Select(name => $"P({name})"), "error"]
                : ["predicted", "score", "error"],
            TargetSpec.Regression => ["predicted", "error"],
            _ => ["risk", "rank in fold", "ordered wrongly"],
        };
        var errors = result.Target switch
        {
            TargetSpec.Classification => "error = 1 − probability of the true class",
            TargetSpec.Regression => "error = |predicted − true|",
            _ => "ordered wrongly = share of the comparable slides of its fold whose order in time the risks get wrong",
        };
        IReadOnlyList<string>[] rows =
        [
            .. result
                .Rows.OrderByDescending(row => row.Error ?? -1)
                .ThenBy(row => row.Prediction.Slide, StringComparer.Ordinal)
                .ThenBy(row => row.Prediction.Fold)
                .Select(row => Fields(row, result.Classes, many)),
        ];
        page.Add($"<h3>Predictions, worst first</h3>")
            .Add(
                $"<p class=\"note\">{rows.Length} held-out slides; {errors}. <span class=\"on-screen\">Press a heading to sort.</span></p>"
            )
            .Add($"<div class=\"scroll tall\" tabindex=\"0\" role=\"region\" aria-label=\"Predictions\">")
            .Table(
                ["slide", "patient", "fold", .. result.Target.Columns.Select(column => $"true {column}"), .. outputs],
                rows,
                sortable: true
            )
            .Add($"</div>");
    }

    private static IReadOnlyList<string> Fields(ScoredPrediction scored, IReadOnlyList<string> classes, bool many)
    {
        var row = scored.Prediction;
        var error = scored.Error is { } wrong ? Figures.Of(wrong) : "";
        List<string> fields = [row.Slide, row.Patient, row.Fold?.ToString(CultureInfo.InvariantCulture) ?? ""];
        if (row.Label is { } label)
        {
            fields.Add(label);
            fields.Add(row.PredictedClass ?? "");
            fields.AddRange(
                many
                    ? Enumerable
                        .Range(0, classes.Count)
                        .Select(k => k < row.Probabilities.Count ? Figures.Of(row.Probabilities[k]) : "")
                    : [Figures.Of(row.Score)]
            );
        }
        else if (row.Value is { } value)
        {
            fields.AddRange([Figures.Of(value), Figures.Of(row.Score)]);
        }
        else
        {
            fields.AddRange([
                Figures.Given(row.Time!.Value),
                row.Event!.Value ? "1" : "0",
                Figures.Of(row.Score),
                Figures.Of(scored.RiskRank!.Value),
            ]);
        }

        return [.. fields, error];
    }

    private static string DataUri(RgbImage picture) =>
        $"data:image/jpeg;base64,{Convert.ToBase64String(PictureFile.ToJpeg(picture))}";
}
