using System.Globalization;
using System.Net;
using System.Text;
using Histonic.Reports.Evaluation;
using Histonic.Slides;
using Histonic.Slides.Cohorts;
using Histonic.Slides.Reading;
using Histonic.Statistics.Survival;

namespace Histonic.Reports.Pages;

/// <summary>Writes report.html: one file with everything in it, which makes no outside request.</summary>
public static class ReportPage
{
    private const int AtRiskTimes = 6;

    /// <summary>Writes the page.</summary>
    /// <param name="path">Where.</param>
    /// <param name="report">What it shows. Every text is shown as text, never as markup.</param>
    public static void Write(string path, Report report)
    {
        var page = new StringBuilder();
        page.Append(
            CultureInfo.InvariantCulture,
            $"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>{Text(report.Title)}</title>
            <link rel="icon" href="data:,">
            <style>
            {Asset("report.css")}</style>
            </head>
            <body>
            <main>
            <header>
            <h1>{Text(report.Title)}</h1>
            <p>{Text(report.Subtitle)}</p>
            </header>

            """
        );
        Cards(page, report);
        foreach (var run in report.Runs)
            Section(page, run);
        Provenance(page, report);
        page.Append(
            CultureInfo.InvariantCulture,
            $"""
            </main>
            <script>{Asset("vega.min.js")}</script>
            <script>{Asset("vega-lite.min.js")}</script>
            <script>
            {Asset("report.js")}</script>
            </body>
            </html>

            """
        );
        AtomicFile.WriteText(path, page.ToString());
    }

    private static void Cards(StringBuilder page, Report report)
    {
        page.Append("<div class=\"cards\">\n");
        foreach (var run in report.Runs)
        {
            var main = run.Result.Pooled.Metrics[0];
            page.Append(
                CultureInfo.InvariantCulture,
                $"<div class=\"card\"><span>{Text(run.Title)}</span><b>{(main.Estimate is { } e ? Number(e.Value) : "–")}</b>"
                    + $"<span>{Text(MetricNames.Of(main.Key))}{(main.Estimate is { } i ? $", 95 % interval {Number(i.Low)} to {Number(i.High)}" : "")}; "
                    + $"{run.Result.Pooled.Slides} slides of {run.Result.Pooled.Patients} patients</span></div>\n"
            );
        }

        page.Append("</div>\n");
    }

    private static void Section(StringBuilder page, RunSection run)
    {
        page.Append(
            CultureInfo.InvariantCulture,
            $"<section>\n<h2>{Text(run.Title)}</h2>\n<p class=\"note\">{Text(run.Description)}</p>\n<div class=\"charts\">\n"
        );
        var rows = Evaluator.Scored(run.Predictions);
        switch (run.Predictions.Target)
        {
            case TargetSpec.Classification:
                ClassificationCharts(page, run, rows);
                break;
            case TargetSpec.Regression(var column):
                Chart(
                    page,
                    "Predicted against true",
                    Charts.Scatter(rows, column),
                    "Each point is a slide, predicted by a network that saw no slide of its patient. Dashed: equality."
                );
                break;
            case TargetSpec.Survival survival:
                SurvivalCharts(page, run, rows, survival);
                break;
        }

        page.Append("</div>\n");
        MetricsTable(page, run.Result);
        Examples(page, run);
        Predictions(page, run.Predictions);
        page.Append("</section>\n");
    }

    private static void ClassificationCharts(StringBuilder page, RunSection run, IReadOnlyList<Prediction> rows)
    {
        var classes = run.Predictions.Classes;
        var truths = rows.Select(row => row.Label).Distinct(StringComparer.Ordinal).Count();
        if (classes.Count == 2 && truths == 2)
            Chart(
                page,
                "ROC curve",
                Charts.Roc(rows, classes[1]),
                $"Positive class: {classes[1]}. Dashed: chance. All folds' test slides together."
            );
        if (rows.All(row => row.PredictedClass is not null))
            Chart(
                page,
                "Confusion matrix",
                Charts.Confusion(Evaluator.ConfusionOf(rows, classes), classes),
                "Slides by true and predicted class."
            );
    }

    private static void SurvivalCharts(
        StringBuilder page,
        RunSection run,
        IReadOnlyList<Prediction> rows,
        TargetSpec.Survival target
    )
    {
        var curves = new[] { ("lower half", false), ("higher half", true) }
            .Select(group => (Name: group.Item1, Rows: rows.Where(row => row.Score > 0.5 == group.Item2).ToList()))
            .Where(group => group.Rows.Count > 0)
            .Select(group =>
                (
                    group.Name,
                    KaplanMeier.Fit(
                        Array.ConvertAll([.. group.Rows], row => row.Time!.Value),
                        Array.ConvertAll([.. group.Rows], row => row.Event!.Value)
                    )
                )
            )
            .ToList();
        var test = run.Result.RiskGroups is { } logRank ? $" Log-rank test: p {P(logRank.PValue)}." : "";
        Chart(
            page,
            "Survival by predicted risk",
            Charts.KaplanMeier(curves, target.TimeColumn),
            $"Kaplan-Meier curves of the lower and higher half of the predicted risk within each fold, with 95 % bands; ticks: censored.{test}"
        );
        var last = rows.Max(row => row.Time!.Value);
        var times = Enumerable.Range(0, AtRiskTimes).Select(i => Math.Round(last * i / AtRiskTimes, 1)).ToList();
        page.Append(
            CultureInfo.InvariantCulture,
            $"<figure>\n<h3>Slides at risk</h3>\n<table><thead><tr><th>{Text(target.TimeColumn)}</th>"
        );
        foreach (var time in times)
            page.Append(CultureInfo.InvariantCulture, $"<th class=\"n\">{time:0.#}</th>");
        page.Append("</tr></thead><tbody>\n");
        foreach (var (name, curve) in curves)
        {
            page.Append(CultureInfo.InvariantCulture, $"<tr><td>{Text(name)}</td>");
            foreach (var time in times)
                page.Append(CultureInfo.InvariantCulture, $"<td class=\"n\">{curve.AtRiskAt(time)}</td>");
            page.Append("</tr>\n");
        }

        page.Append("</tbody></table>\n</figure>\n");
    }

    private static void Chart(
        StringBuilder page,
        string title,
        System.Text.Json.Nodes.JsonObject specification,
        string caption
    ) =>
        page.Append(
            CultureInfo.InvariantCulture,
            $"<figure>\n<h3>{Text(title)}</h3>\n<div class=\"chart\" role=\"img\" aria-label=\"{Text(title)}\"></div>"
                + $"<script type=\"application/json\">{specification.ToJsonString()}</script>\n"
                + $"<figcaption>{Text(caption)}</figcaption>\n</figure>\n"
        );

    private static void MetricsTable(StringBuilder page, EvaluationResult result)
    {
        page.Append(
            "<h3>Metrics</h3>\n<div class=\"scroll\"><table><thead><tr><th>Metric</th><th>Pooled (95 % interval)</th>"
        );
        foreach (var fold in result.Folds)
            page.Append(CultureInfo.InvariantCulture, $"<th>Fold {Text(fold.Name)} (n = {fold.Slides})</th>");
        page.Append("</tr></thead><tbody>\n");
        for (var i = 0; i < result.Pooled.Metrics.Count; i++)
        {
            page.Append(
                CultureInfo.InvariantCulture,
                $"<tr><td>{Text(MetricNames.Of(result.Pooled.Metrics[i].Key))}</td><td><b>{Cell(result.Pooled.Metrics[i])}</b></td>"
            );
            foreach (var fold in result.Folds)
                page.Append(CultureInfo.InvariantCulture, $"<td>{Cell(fold.Metrics[i])}</td>");
            page.Append("</tr>\n");
        }

        page.Append(
            CultureInfo.InvariantCulture,
            $"</tbody></table></div>\n<p class=\"note\">{result.Pooled.Slides} slides of {result.Pooled.Patients} patients. Intervals: percentile bootstrap, whole patients resampled.</p>\n"
        );
    }

    private static string Cell(MetricResult metric) =>
        metric.Estimate is { } estimate
            ? $"{Number(estimate.Value)} ({Number(estimate.Low)} to {Number(estimate.High)})"
            : Text($"not determined: {metric.Reason}");

    private static void Examples(StringBuilder page, RunSection run)
    {
        if (run.Examples.Count == 0)
            return;
        page.Append(
            """
            <h3>What the network looked at</h3>
            <div class="scale" role="presentation"></div><div class="scalenames"><span>spoke little</span><span>spoke most</span></div>
            <div class="slides">

            """
        );
        foreach (var example in run.Examples)
            page.Append(
                CultureInfo.InvariantCulture,
                $"<figure><div class=\"pair\"><img alt=\"{Text(example.Slide)}\" src=\"{DataUri(example.Thumbnail)}\">"
                    + $"<img alt=\"{Text(example.Slide)} under its heat map\" src=\"{DataUri(example.Overlay)}\"></div>"
                    + $"<figcaption><b>{Text(example.Slide)}</b> {Text(example.Caption)}</figcaption></figure>\n"
            );
        page.Append("</div>\n");
    }

    private static void Predictions(StringBuilder page, PredictionTable table)
    {
        page.Append(
            CultureInfo.InvariantCulture,
            $"<details>\n<summary>All {table.Rows.Count} predictions</summary>\n<div class=\"scroll\"><table><thead><tr>"
        );
        string[] truths = [.. table.Target.Columns.Select(column => $"true {column}")];
        string[] outputs = table.Target switch
        {
            TargetSpec.Classification => ["predicted", .. table.Classes.Select(name => $"P({name})")],
            TargetSpec.Regression => ["predicted", "error"],
            _ => ["risk"],
        };
        foreach (var heading in (string[])["slide", "patient", "fold", .. truths, .. outputs])
            page.Append(CultureInfo.InvariantCulture, $"<th><button type=\"button\">{Text(heading)}</button></th>");
        page.Append("</tr></thead><tbody>\n");
        foreach (
            var row in table
                .Rows.OrderByDescending(row => Error(row, table.Classes))
                .ThenBy(row => row.Slide, StringComparer.Ordinal)
        )
        {
            string?[] values =
            [
                row.Slide,
                row.Patient,
                row.Fold?.ToString(CultureInfo.InvariantCulture),
                .. table.Target switch
                {
                    TargetSpec.Classification => (string?[])
                        [row.Label, row.PredictedClass, .. row.Probabilities.Select(p => Number(p))],
                    TargetSpec.Regression =>
                    [
                        row.Value is { } value ? Number(value) : null,
                        Number(row.Score),
                        row.Value is { } truth ? Number(row.Score - truth) : null,
                    ],
                    _ =>
                    [
                        row.Time?.ToString("0.##", CultureInfo.InvariantCulture),
                        row.Event is { } died ? (died ? "1" : "0") : null,
                        Number(row.Score),
                    ],
                },
            ];
            page.Append("<tr>");
            foreach (var value in values)
                page.Append(CultureInfo.InvariantCulture, $"<td>{Text(value ?? "")}</td>");
            page.Append("</tr>\n");
        }

        page.Append("</tbody></table></div>\n</details>\n");
    }

    private static double Error(Prediction row, IReadOnlyList<string> classes)
    {
        if (row.Value is { } value)
            return Math.Abs(row.Score - value);
        var truth = classes.ToList().FindIndex(name => string.Equals(name, row.Label, StringComparison.Ordinal));
        return truth >= 0 && truth < row.Probabilities.Count ? 1 - row.Probabilities[truth] : row.Score;
    }

    private static void Provenance(StringBuilder page, Report report)
    {
        page.Append("<section>\n<h2>How this was made</h2>\n<div class=\"scroll\"><table><tbody>\n");
        foreach (var (name, value) in report.Provenance)
            page.Append(
                CultureInfo.InvariantCulture,
                $"<tr><th scope=\"row\">{Text(name)}</th><td><code>{Text(value)}</code></td></tr>\n"
            );
        page.Append("</tbody></table></div>\n</section>\n");
    }

    private static string DataUri(RgbImage picture) =>
        $"data:image/png;base64,{Convert.ToBase64String(PictureFile.ToPng(picture))}";

    private static string Asset(string name)
    {
        using var stream = typeof(ReportPage).Assembly.GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    private static string Text(string text) => WebUtility.HtmlEncode(text);

    private static string Number(double value) => value.ToString("0.000", CultureInfo.InvariantCulture);

    private static string P(double p) =>
        p < 0.0001 ? "< 0.0001" : string.Create(CultureInfo.InvariantCulture, $"= {p:0.0000}");
}
