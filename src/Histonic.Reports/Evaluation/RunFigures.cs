using Histonic.Slides.Cohorts;

namespace Histonic.Reports.Evaluation;

/// <summary>How good the predictions of one run are: of each of its targets, and averaged over those that are labels of one group.</summary>
/// <param name="Targets">The figures of each target.</param>
/// <param name="Averages">The averages over labels; empty where there are none.</param>
public sealed record RunFigures(IReadOnlyList<EvaluationResult> Targets, IReadOnlyList<LabelAverage> Averages)
{
    /// <summary>Scores predictions.</summary>
    /// <param name="tables">The predictions of each target, at least one.</param>
    /// <param name="options">How.</param>
    /// <param name="subject">What to call the predictions in an error, such as the path of their file.</param>
    /// <exception cref="Histonic.Slides.InputException">No row of a target can be scored.</exception>
    public static RunFigures Of(IReadOnlyList<PredictionTable> tables, EvaluationOptions options, string subject)
    {
        EvaluationResult[] results = [.. tables.Select(table => Evaluator.Evaluate(table, options, subject))];
        return new(
            results,
            [
                .. results
                    .Where(result => result.Target is TargetSpec.Label)
                    .GroupBy(result => ((TargetSpec.Label)result.Target).Group, StringComparer.Ordinal)
                    .Where(group => group.Count() > 1)
                    .Select(group => LabelAverage.Of([.. group], options)),
            ]
        );
    }
}
