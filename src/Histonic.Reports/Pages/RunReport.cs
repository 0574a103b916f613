using Histonic.Reports.Evaluation;
using Histonic.Slides;
using Histonic.Slides.Cohorts;

namespace Histonic.Reports.Pages;

/// <summary>What becomes of one table of predictions: metrics.json and report.html in a folder.</summary>
public static class RunReport
{
    /// <summary>The name of the figures' file.</summary>
    public const string MetricsName = "metrics.json";

    /// <summary>The name of the page.</summary>
    public const string PageName = "report.html";

    /// <summary>Scores predictions and writes both files.</summary>
    /// <param name="folder">Where; made when it is missing.</param>
    /// <param name="table">The predictions.</param>
    /// <param name="subject">What the table is called in an error: its file.</param>
    /// <param name="options">How intervals are made.</param>
    /// <param name="description">How the predictions came about, in one sentence with its full stop.</param>
    /// <param name="examples">Slides with heat maps; may be empty.</param>
    /// <param name="provenance">What they were made from: hashes, settings, commands; version and seed are added.</param>
    /// <returns>The figures.</returns>
    /// <exception cref="InputException">No prediction can be scored, or a file cannot be written.</exception>
    public static EvaluationResult Write(
        string folder,
        PredictionTable table,
        string subject,
        EvaluationOptions options,
        string description,
        IReadOnlyList<ExampleSlide> examples,
        IReadOnlyList<(string Name, string Value)> provenance
    )
    {
        var result = Evaluator.Evaluate(table, options, subject);
        MetricsFile.Write(Path.Combine(folder, MetricsName), result, options);
        var what = string.Join(", ", table.Target.Columns);
        ReportPage.Write(
            Path.Combine(folder, PageName),
            new Report(
                $"Prediction of {what}",
                description,
                [
                    new RunSection(
                        $"{char.ToUpperInvariant(table.Target.Task[0])}{table.Target.Task[1..]}: {what}",
                        "",
                        table,
                        result,
                        examples
                    ),
                ],
                [
                    ("Histonic", ProductVersion.Current),
                    .. provenance,
                    (
                        "Seed of the intervals",
                        FormattableString.Invariant($"{options.Seed.Value}, {options.Resamples} resamples")
                    ),
                ]
            )
        );
        return result;
    }
}
