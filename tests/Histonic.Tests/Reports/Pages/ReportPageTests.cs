using System.Text.RegularExpressions;
using Histonic.Reports.Evaluation;
using Histonic.Reports.Pages;
using Histonic.Slides.Cohorts;
using Histonic.Slides.Reading;
using Histonic.Tests.Reports.Evaluation;
using Histonic.Tests.Support;

namespace Histonic.Tests.Reports.Pages;

public sealed class ReportPageTests : IDisposable
{
    private const string Evil = "<script>alert(1)</script>&\"'";

    private static readonly EvaluationOptions _options = new() { Resamples = 100 };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Names_of_slides_patients_and_classes_are_text_never_markup()
    {
        var table = new PredictionTable(
            new TargetSpec.Classification($"target {Evil}"),
            [$"a {Evil}", $"b {Evil}"],
            [
                .. Enumerable
                    .Range(0, 8)
                    .Select(i => new Prediction
                    {
                        Slide = $"s{i} {Evil}",
                        Patient = $"p{i} {Evil}",
                        Label = $"{"ab"[i % 2]} {Evil}",
                        Score = i / 8.0,
                        Probabilities = [1 - (i / 8.0), i / 8.0],
                        PredictedClass = $"{"ab"[i / 4]} {Evil}",
                    }),
            ]
        );
        var picture = new RgbImage(1, 1, [1, 2, 3]);
        var html = Written(
            new Report(
                Evil,
                Evil,
                [
                    new RunSection(
                        Evil,
                        Evil,
                        table,
                        Evaluator.Evaluate(table, _options),
                        [new ExampleSlide(Evil, Evil, picture, picture)]
                    ),
                ],
                [(Evil, Evil)]
            )
        );
        Assert.DoesNotContain("<script>alert", html, StringComparison.OrdinalIgnoreCase);
        // the page's own scripts: one a chart (its data), Vega, Vega-Lite, the page's
        Assert.Equal(4 + 3, Regex.Count(html, "<script"));
        Assert.Equal(4 + 3, Regex.Count(html, "</script"));
        Assert.Contains("s3 &lt;script&gt;alert(1)&lt;/script&gt;&amp;&quot;&#39;", html, StringComparison.Ordinal);
    }

    [Fact]
    public void The_page_asks_for_nothing_from_outside()
    {
        var html = Written(Three());
        Assert.Contains("default-src 'none'; img-src data:", html, StringComparison.Ordinal);
        Assert.DoesNotMatch("""(src|href)\s*=\s*["']?(https?:)?//""", html);
        Assert.DoesNotContain("@import", html, StringComparison.Ordinal);
        string[] known =
        [
            "http://www.w3.org/", // names of namespaces
            "https://vega.github.io/schema/", // the name of the format
            "https://github.com/vega/vega-lite/issues/", // in a message
        ];
        foreach (
            var address in Regex
                .Matches(html, @"https?://[^\s""'`)<]{1,80}", RegexOptions.NonBacktracking)
                .Select(match => match.Value)
        )
            Assert.Contains(known, name => address.StartsWith(name, StringComparison.Ordinal));
    }

    [Fact]
    public void The_same_report_gives_the_same_bytes()
    {
        ReportPage.Write(_folder["a.html"], Three());
        ReportPage.Write(_folder["b.html"], Three());
        Assert.Equal(File.ReadAllBytes(_folder["a.html"]), File.ReadAllBytes(_folder["b.html"]));
    }

    [Fact]
    public void Every_kind_of_run_has_its_charts_and_their_numbers_as_tables()
    {
        var html = Written(Three());
        foreach (
            var title in new[]
            {
                "ROC curve",
                "Precision and recall",
                "Reliability",
                "Confusion matrix",
                "Predicted against true",
                "Survival by predicted risk",
            }
        )
            Assert.Contains($"<h3>{title}</h3>", html, StringComparison.Ordinal);
        Assert.Equal(6, Regex.Count(html, "<summary>Numbers of this chart</summary>"));
        Assert.Contains("At risk at time", html, StringComparison.Ordinal);
        Assert.Contains("Log-rank p", html, StringComparison.Ordinal);
        Assert.Contains("Spearman&#39;s", html, StringComparison.Ordinal);
    }

    [Fact]
    public void The_worst_prediction_comes_first()
    {
        var table = Tables.Numbers([(1, 1.1), (2, 2.2), (3, 9), (4, 4.3)]);
        var html = Written(Of("numbers", table));
        var predictions = html[html.IndexOf("Predictions, worst first", StringComparison.Ordinal)..];
        Assert.Matches(@"<tbody>\s*<tr><td>s2</td>", predictions);
    }

    [Fact]
    public void What_is_not_determined_says_why_and_no_number_is_NaN()
    {
        var html = Written(Of("constant", Tables.Numbers([(1, 3), (2, 3), (4, 3), (5, 3)])));
        Assert.Contains("not determined: the prediction for all 4 slides is 3", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<td class=\"n\">NaN", html, StringComparison.Ordinal);
        Assert.Contains("<b>–</b> Spearman", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Folder_gets_the_figures_and_the_page()
    {
        var table = Tables.Numbers([(1, 1.1), (2, 2.2), (3, 9), (4, 4.3)]);
        var result = RunReport.Write(_folder["run"], [table], "p.csv", _options, "Made up.", [("Labels", "none")]);
        Assert.Equal(
            result.Targets[0].Pooled["mae"].Estimate,
            MetricsFile.Read(Path.Combine(_folder["run"], "metrics.json")).Pooled["mae"]
        );
        Assert.Contains(
            "Made up.",
            File.ReadAllText(Path.Combine(_folder["run"], "report.html")),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void The_most_wrong_slides_are_shown_the_worst_first()
    {
        // errors of 0.0, 0.1 … 1.1, in an order of their own; the ninth worst and the right one are not asked for
        double[] errors = [0.3, 0, 1.1, 0.5, 0.1, 0.9, 0.2, 0.7, 0.4, 1, 0.6, 0.8];
        var table = Tables.Numbers(errors.Select((error, i) => ((double)i, i + error)));
        List<string> asked = [];
        RunReport.Write(
            _folder["run"],
            [table],
            "p.csv",
            _options,
            "Made up.",
            [],
            name =>
            {
                asked.Add(name);
                return asked.Count == 2 ? null : new RgbImage(1, 1, [1, 2, 3]);
            }
        );

        var worst = table
            .Rows.OrderByDescending(row => row.Score - row.Value)
            .Select(row => row.Slide)
            .Take(8)
            .ToArray();
        Assert.Equal(worst, asked);
        var shown = File.ReadAllText(_folder["run/report.html"])
            .Split("<figcaption><b>")
            .Skip(1)
            .Select(rest => rest[..rest.IndexOf('<', StringComparison.Ordinal)]);
        Assert.Equal(worst.Where((_, i) => i != 1), shown);
    }

    private static Report Three()
    {
        var classes = Tables.Binary(
            Enumerable.Range(0, 24).Select(i => (i % 2 == 0 ? "benign" : "tumour", ((i * 7) % 24) / 24.0, 1 + (i / 12)))
        );
        var numbers = Tables.Numbers(Enumerable.Range(0, 20).Select(i => ((double)i, (double)((i * 7) % 11))));
        var risks = Tables.Survival(
            Enumerable.Range(0, 24).Select(i => (1.0 + i, i % 3 > 0, -(double)((i * 5) % 24), 1 + (i % 2)))
        );
        return new Report(
            "Three",
            "Made up.",
            [Section("classes", classes), Section("numbers", numbers), Section("risks", risks)],
            [("Seed", "1")]
        );
    }

    private static Report Of(string title, PredictionTable table) => new(title, "", [Section(title, table)], []);

    private static RunSection Section(string title, PredictionTable table) =>
        new(title, "Made up.", table, Evaluator.Evaluate(table, _options), []);

    private string Written(Report report)
    {
        ReportPage.Write(_folder["report.html"], report);
        return File.ReadAllText(_folder["report.html"]);
    }
}
