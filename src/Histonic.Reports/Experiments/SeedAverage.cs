using Histonic.Reports.Evaluation;
using Histonic.Slides.Cohorts;

namespace Histonic.Reports.Experiments;

/// <summary>Averages the predictions of one target over seeds.</summary>
public static class SeedAverage
{
    /// <summary>
    /// Each slide's mean prediction: of probabilities or numbers; of risks, which have no common scale, the mean rank within their folds, 0 to 1.
    /// Slides that some of the tables lack are left out.
    /// </summary>
    /// <param name="tables">Predictions of the same slides, at least one table.</param>
    /// <exception cref="Histonic.Slides.InputException">A table has no row that can be scored.</exception>
    public static PredictionTable Of(IReadOnlyList<PredictionTable> tables)
    {
        var first = tables[0];
        var scored = tables.Select(table => Evaluator.Scored(table, "the predictions")).ToList();
        Prediction[] rows =
        [
            .. scored
                .SelectMany(table => table.DistinctBy(row => row.Prediction.Slide, StringComparer.Ordinal))
                .GroupBy(row => row.Prediction.Slide, StringComparer.Ordinal)
                .Where(slide => slide.Count() == tables.Count)
                .OrderBy(slide => slide.Key, StringComparer.Ordinal)
                .Select(slide => Mean(first, [.. slide])),
        ];
        return first with { Rows = rows };
    }

    private static Prediction Mean(PredictionTable table, ScoredPrediction[] slide)
    {
        var one = slide[0].Prediction with { Fold = null, Spread = null };
        if (table.Target is TargetSpec.Survival)
        {
            // equal sums of ranks stay equal, in whatever order they are added
            return one with { Score = Math.Round(slide.Average(row => row.RiskRank!.Value), 12) };
        }

        var score = slide.Average(row => row.Prediction.Score);
        if (
            table.Target is not TargetSpec.Classification
            || slide.Any(row => row.Prediction.Probabilities.Count != table.Classes.Count)
        )
            return one with { Score = score };
        double[] probabilities =
        [
            .. table.Classes.Select((_, i) => slide.Average(row => row.Prediction.Probabilities[i])),
        ];
        return one with
        {
            Probabilities = probabilities,
            Score = score,
            PredictedClass = table.Classes[Array.IndexOf(probabilities, probabilities.Max())],
        };
    }
}
