using Histonic.Slides;
using Histonic.Slides.Cohorts;
using Histonic.Statistics;
using Histonic.Statistics.Classification;
using Histonic.Statistics.Intervals;
using Histonic.Statistics.Regression;
using Histonic.Statistics.Survival;

namespace Histonic.Reports.Evaluation;

/// <summary>Scores predictions against the truth; the unit is the slide, the unit resampled is the patient.</summary>
/// <remarks>
/// Only test predictions of labelled slides count. The risks of networks trained in different folds share no scale (a Cox
/// model is free up to a constant), so for the pooled C-index and the risk groups each risk is replaced by its percentile
/// within its fold. Probabilities and numbers are pooled as they are, as in the papers ("All": concatenated hold-outs).
/// </remarks>
public static class Evaluator
{
    private delegate double Statistic(IReadOnlyList<Prediction> rows);

    /// <summary>Computes every metric of the target, pooled and per fold, each with a patient-clustered bootstrap interval.</summary>
    /// <param name="table">The predictions.</param>
    /// <param name="options">How intervals are made.</param>
    /// <param name="subject">What the table is called in an error: its file.</param>
    /// <exception cref="InputException">No test prediction has a truth beside it.</exception>
    public static EvaluationResult Evaluate(PredictionTable table, EvaluationOptions options, string subject)
    {
        var rows = Scored(table);
        if (rows.Count == 0)
            throw new InputException(
                subject,
                "no prediction stands beside a known truth",
                "Give the labels with --labels, or check the names of slides and columns"
            );
        var folds = rows.Where(row => row.Fold is not null)
            .GroupBy(row => row.Fold!.Value)
            .OrderBy(fold => fold.Key)
            .ToList();
        return new EvaluationResult(
            table.Target,
            Part(table, "pooled", rows, options),
            folds.Count < 2 ? [] : [.. folds.Select(fold => Part(table, $"{fold.Key}", [.. fold], options))],
            table.Target is TargetSpec.Survival ? RiskGroups(rows) : null
        );
    }

    /// <summary>The labelled test predictions; survival risks as percentiles within their fold, in (0, 1).</summary>
    /// <param name="table">The predictions.</param>
    public static IReadOnlyList<Prediction> Scored(PredictionTable table)
    {
        var rows = table
            .Rows.Where(row => row.IsLabelled && string.Equals(row.Split, "test", StringComparison.Ordinal))
            .ToList();
        return table.Target is TargetSpec.Survival ? [.. rows.GroupBy(row => row.Fold).SelectMany(Percentiles)] : rows;
    }

    private static IEnumerable<Prediction> Percentiles(IEnumerable<Prediction> fold)
    {
        var rows = fold.ToList();
        var ranks = Ranks.Mid(rows.Select(row => row.Score).ToArray());
        return rows.Select((row, i) => row with { Score = (ranks[i] - 0.5) / rows.Count });
    }

    private static PartResult Part(
        PredictionTable table,
        string name,
        IReadOnlyList<Prediction> rows,
        EvaluationOptions options
    )
    {
        var patients = rows.Select(row => row.Patient).Distinct(StringComparer.Ordinal).ToList();
        var index = patients.Select((patient, i) => (patient, i)).ToDictionary(StringComparer.Ordinal);
        var groups = rows.Select(row => index[row.Patient]).ToArray();
        var metrics = Metrics(table)
            .Select(metric =>
            {
                try
                {
                    var estimate = Bootstrap.Percentile(
                        rows.Count,
                        options.Seed.Number($"bootstrap {name} {metric.Key}"),
                        draw =>
                        {
                            var drawn = new Prediction[draw.Length];
                            for (var i = 0; i < draw.Length; i++)
                                drawn[i] = rows[draw[i]];
                            return metric.Statistic(drawn);
                        },
                        options.Resamples,
                        groups
                    );
                    return new MetricResult(metric.Key, estimate);
                }
                catch (StatisticsException error)
                {
                    return new MetricResult(metric.Key, null, error.Message);
                }
            });
        return new PartResult(name, rows.Count, patients.Count, [.. metrics]);
    }

    private static IEnumerable<(string Key, Statistic Statistic)> Metrics(PredictionTable table) =>
        table.Target switch
        {
            TargetSpec.Classification => Classification(table.Classes),
            TargetSpec.Regression =>
            [
                ("spearman", rows => Correlation.Spearman(Truths(rows), Scores(rows))),
                ("pearson", rows => Correlation.Pearson(Truths(rows), Scores(rows))),
                ("mae", rows => Errors.MeanAbsolute(Truths(rows), Scores(rows))),
                ("rmse", rows => Errors.RootMeanSquare(Truths(rows), Scores(rows))),
                ("r2", rows => Errors.RSquared(Truths(rows), Scores(rows))),
            ],
            _ =>
            [
                (
                    "c_index",
                    rows =>
                        Concordance.Harrell(
                            Array.ConvertAll([.. rows], row => row.Time!.Value),
                            Array.ConvertAll([.. rows], row => row.Event!.Value),
                            Scores(rows)
                        )
                ),
            ],
        };

    private static IEnumerable<(string Key, Statistic Statistic)> Classification(IReadOnlyList<string> classes)
    {
        int Index(string? name) =>
            classes.ToList().FindIndex(known => string.Equals(known, name, StringComparison.Ordinal));
        ConfusionMatrix Confusion(IReadOnlyList<Prediction> rows) => ConfusionOf(rows, classes);

        yield return (
            "auc",
            classes.Count == 2
                ? rows => RocCurve.Area(Scores(rows), Array.ConvertAll([.. rows], row => Index(row.Label) == 1))
                : rows =>
                    OneVersusRest.MacroArea(
                        rows.SelectMany(row => row.Probabilities).ToArray(),
                        Array.ConvertAll([.. rows], row => Index(row.Label)),
                        classes.Count
                    )
        );
        yield return ("accuracy", rows => Confusion(rows).Accuracy);
        yield return ("balanced_accuracy", rows => Confusion(rows).BalancedAccuracy);
        yield return ("f1", rows => classes.Count == 2 ? Confusion(rows).F1(1) : Confusion(rows).MacroF1);
        yield return ("kappa", rows => Confusion(rows).Kappa);
    }

    /// <summary>Counts true against predicted classes.</summary>
    /// <param name="rows">Predictions with a class.</param>
    /// <param name="classes">The classes, in order.</param>
    /// <exception cref="StatisticsException">A row has no predicted class among these.</exception>
    internal static ConfusionMatrix ConfusionOf(IReadOnlyList<Prediction> rows, IReadOnlyList<string> classes)
    {
        var index = classes.Select((name, i) => (name, i)).ToDictionary(StringComparer.Ordinal);
        int Of(string? name) =>
            name is not null && index.TryGetValue(name, out var i)
                ? i
                : throw new StatisticsException("The table gives scores but no predicted classes.");
        return new ConfusionMatrix(
            Array.ConvertAll([.. rows], row => Of(row.Label)),
            Array.ConvertAll([.. rows], row => Of(row.PredictedClass)),
            classes.Count
        );
    }

    private static LogRank? RiskGroups(IReadOnlyList<Prediction> rows)
    {
        try
        {
            return LogRank.Test(
                Array.ConvertAll([.. rows], row => row.Time!.Value),
                Array.ConvertAll([.. rows], row => row.Event!.Value),
                Array.ConvertAll([.. rows], row => row.Score > 0.5 ? 1 : 0)
            );
        }
        catch (StatisticsException)
        {
            return null; // too few of one group; the report then shows one curve
        }
    }

    private static double[] Scores(IReadOnlyList<Prediction> rows) => Array.ConvertAll([.. rows], row => row.Score);

    private static double[] Truths(IReadOnlyList<Prediction> rows) =>
        Array.ConvertAll([.. rows], row => row.Value!.Value);
}
