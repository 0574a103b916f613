using System.Globalization;
using Histonic.Learning.Explanation;
using Histonic.Learning.Prediction;
using Histonic.Reports.Evaluation;
using Histonic.Reports.HeatMaps;
using Histonic.Reports.Pages;
using Histonic.Slides;
using Histonic.Slides.Cohorts;
using Histonic.Slides.Grids;
using Histonic.Slides.Reading;
using SlidePrediction = Histonic.Slides.Cohorts.Prediction;

namespace Histonic.Cli.Commands;

/// <summary>The page over the demo's three runs, with heat maps of some slides.</summary>
internal static class DemoReport
{
    private const int ThumbnailSide = 360;
    private const int ExamplesAtEachEnd = 3;

    /// <summary>Explains some slides of each run and writes report.html.</summary>
    /// <returns>The page's path.</returns>
    public static string Write(
        string folder,
        DemoPlan plan,
        CommandContext context,
        CancellationToken cancellationToken
    )
    {
        var features = FeatureFolder.Open(Path.Combine(folder, "features"));
        var evaluation = new EvaluationOptions { Seed = context.Seed, Threads = context.Threads };
        var cohortSlides = SlideFolder.Open(Path.Combine(folder, "cohort", "slides"));
        var runs = new List<RunSection>();
        foreach (var (name, title, _) in DemoPlan.Targets)
        {
            using var run = PredictorRun.Open(Path.Combine(folder, "runs", name));
            var predictions = Path.Combine(run.Folder, "predictions.csv");
            var table = PredictionTable.Read(predictions, run.Targets[0].Spec);
            var examples = new List<ExampleSlide>();
            foreach (var row in ExampleRows(table))
            {
                cancellationToken.ThrowIfCancellationRequested();
                var map = Explainer.Of(run, features.Read(row.Slide), new ExplanationOptions(), cancellationToken);
                using var slide = SlideReader.Open(Path.Combine(folder, "cohort", "slides", $"{row.Slide}.tif"));
                var thumbnail = HeatMapPicture.Thumbnail(slide, ThumbnailSide);
                examples.Add(new(row.Slide, Caption.Of(row), thumbnail, HeatMapPicture.Render(thumbnail, map)));
                context.Terminal.Report(
                    new WorkProgress($"explain {name}", examples.Count, 2 * ExamplesAtEachEnd, "slides")
                );
            }

            var result = Evaluator.Evaluate(table, evaluation, predictions);
            runs.Add(
                new RunSection(
                    title,
                    $"{run.Configuration.Folds}-fold cross-validation by patient; every slide is predicted by a network that saw no slide of its patient. "
                        + Shown(run.Targets[0].Spec)
                        + " A heat map is the mean over the networks of all folds, those that were trained on the slide among them.",
                    table,
                    result,
                    examples
                )
                {
                    Worst = WorstSlide.Of(result, name => SlidePictures.Of(cohortSlides, name)),
                }
            );
        }

        var page = Path.Combine(folder, "report.html");
        ReportPage.Write(page, new Report("Histonic demo", Subtitle(plan), runs, Provenance(folder, plan, context)));
        return page;
    }

    private static string Subtitle(DemoPlan plan) =>
        $"{plan.Slides} synthetic slides of {plan.SlideSize} × {plan.SlideSize} px at 0.5 µm/px, compressed with the built-in encoder {DemoPlan.Encoder}, "
        + "and three slide-level targets learnt from the grids. The slides are drawn by a generator, so the figures say that the machinery works, not how well it does on patients.";

    private static IEnumerable<(string Name, string Value)> Commands(string folder, DemoPlan plan) =>
        plan.Steps(folder).Select(step => ("Command", $"histonic {string.Join(' ', step)}"));

    private static IReadOnlyList<(string Name, string Value)> Provenance(
        string folder,
        DemoPlan plan,
        CommandContext context
    )
    {
        var run = RunConfiguration.Read(Path.Combine(folder, "runs", DemoPlan.Targets[0].Run, "config.yaml"));
        return
        [
            ("Histonic", ProductVersion.Current),
            ("Seed", context.Seed.Value.ToString(CultureInfo.InvariantCulture)),
            ("Encoder SHA-256", run.EncoderSha256),
            ("Features SHA-256", run.FeaturesSha256),
            ("Labels SHA-256", run.LabelsSha256),
            .. Commands(folder, plan),
        ];
    }

    /// <summary>Both ends of the predictions: the surest of each class, or the least and the greatest number.</summary>
    private static IEnumerable<SlidePrediction> ExampleRows(PredictionTable table)
    {
        var rows = table.Rows.OrderBy(row => row.Score).ThenBy(row => row.Slide, StringComparer.Ordinal).ToList();
        return rows.Take(ExamplesAtEachEnd).Concat(rows.TakeLast(ExamplesAtEachEnd));
    }

    private static string Shown(TargetSpec target) =>
        target switch
        {
            TargetSpec.Classification => "Shown beneath: the slides predicted most surely, for their predicted class.",
            TargetSpec.Regression => "Shown beneath: the slides of lowest and highest predicted number.",
            _ => "Shown beneath: the slides of lowest and highest predicted risk.",
        };
}
