using Histonic.Reports.Evaluation;
using Histonic.Slides;
using Histonic.Slides.Cohorts;
using Histonic.Slides.Reading;

namespace Histonic.Reports.Pages;

/// <summary>What becomes of the predictions of a run: metrics.json and report.html in a folder.</summary>
public static class RunReport
{
    /// <summary>The name of a run's predictions.</summary>
    public const string PredictionsName = "predictions.csv";

    /// <summary>The name of the figures' file.</summary>
    public const string MetricsName = "metrics.json";

    /// <summary>The name of a comparison's figures' file.</summary>
    public const string ComparisonName = "comparison.json";

    /// <summary>The name of the page.</summary>
    public const string PageName = "report.html";

    /// <summary>Scores predictions and writes both files.</summary>
    /// <param name="folder">Where; made when it is missing.</param>
    /// <param name="tables">The predictions of each target, at least one.</param>
    /// <param name="subject">What they are called in an error: their file.</param>
    /// <param name="options">How intervals are made.</param>
    /// <param name="description">How the predictions came about, in one sentence with its full stop.</param>
    /// <param name="provenance">What they were made from: hashes, settings, commands; version and seed are added.</param>
    /// <param name="pictureOf">The thumbnail of a slide by its name, null where there is none: the most wrong are shown.</param>
    /// <returns>The figures.</returns>
    /// <exception cref="InputException">No prediction can be scored, or a file cannot be written.</exception>
    public static RunFigures Write(
        string folder,
        IReadOnlyList<PredictionTable> tables,
        string subject,
        EvaluationOptions options,
        string description,
        IReadOnlyList<(string Name, string Value)> provenance,
        Func<string, RgbImage?>? pictureOf = null
    )
    {
        var figures = RunFigures.Of(tables, options, subject);
        MetricsFile.Write(Path.Combine(folder, MetricsName), figures, options);
        ReportPage.Write(
            Path.Combine(folder, PageName),
            new Report(
                $"Prediction of {string.Join(", ", tables.SelectMany(table => table.Target.Columns))}",
                description,
                [
                    .. tables.Zip(
                        figures.Targets,
                        (table, result) =>
                            new RunSection(
                                $"{char.ToUpperInvariant(table.Target.Task[0])}{table.Target.Task[1..]}: {string.Join(", ", table.Target.Columns)}",
                                "",
                                table,
                                result,
                                []
                            )
                            {
                                Worst = pictureOf is null ? [] : WorstSlide.Of(result, pictureOf),
                            }
                    ),
                ],
                [("Histonic", ProductVersion.Current), .. provenance, Intervals(options)]
            )
            {
                Averages = figures.Averages,
            }
        );
        return figures;
    }

    /// <summary>Compares two tables of predictions and writes comparison.json and report.html, which shows both runs.</summary>
    /// <param name="folder">Where; made when it is missing.</param>
    /// <param name="first">The first run's predictions.</param>
    /// <param name="second">The second run's, of the same target.</param>
    /// <param name="firstName">What the first run is called.</param>
    /// <param name="secondName">What the second run is called.</param>
    /// <param name="options">How intervals are made.</param>
    /// <param name="provenance">What it was made from; version and seed are added.</param>
    /// <returns>The figures.</returns>
    /// <exception cref="InputException">The runs cannot be compared, or a file cannot be written.</exception>
    public static RunComparison WriteComparison(
        string folder,
        PredictionTable first,
        PredictionTable second,
        string firstName,
        string secondName,
        EvaluationOptions options,
        IReadOnlyList<(string Name, string Value)> provenance
    )
    {
        var comparison = RunComparer.Compare(first, second, firstName, secondName, options);
        RunSection[] runs =
        [
            new(firstName, "", first, Evaluator.Evaluate(first, options, firstName), []),
            new(secondName, "", second, Evaluator.Evaluate(second, options, secondName), []),
        ];
        ComparisonFile.Write(Path.Combine(folder, ComparisonName), comparison, options);
        ReportPage.Write(
            Path.Combine(folder, PageName),
            new Report(
                $"Two predictions of {string.Join(", ", first.Target.Columns)}",
                $"{firstName} against {secondName}, tested pairwise on the same slides.",
                runs,
                [("Histonic", ProductVersion.Current), .. provenance, Intervals(options)]
            )
            {
                Comparison = comparison,
            }
        );
        return comparison;
    }

    private static (string Name, string Value) Intervals(EvaluationOptions options) =>
        ("Seed of the intervals", FormattableString.Invariant($"{options.Seed.Value}, {options.Resamples} resamples"));
}
