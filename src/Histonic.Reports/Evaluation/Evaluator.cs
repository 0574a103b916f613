using Histonic.Slides;
using Histonic.Slides.Cohorts;
using Histonic.Statistics;
using Histonic.Statistics.Classification;
using Histonic.Statistics.Intervals;
using Histonic.Statistics.Regression;
using Histonic.Statistics.Survival;

namespace Histonic.Reports.Evaluation;

/// <summary>
/// Scores predictions, pooled and per fold. The unit is the slide; intervals are bootstrap percentiles over patients, for
/// the slides of one patient are not independent.
/// </summary>
public static class Evaluator
{
    private static readonly HashSet<string> _seenInTraining = new(StringComparer.OrdinalIgnoreCase)
    {
        "train",
        "training",
        "validation",
        "val",
        "tune",
    };

    /// <summary>Scores predictions.</summary>
    /// <param name="table">The predictions. Rows of slides trained on, or without a truth, are left out.</param>
    /// <param name="options">How.</param>
    /// <param name="subject">What to call the predictions in an error, such as the path of their file.</param>
    /// <exception cref="InputException">No row can be scored.</exception>
    public static EvaluationResult Evaluate(
        PredictionTable table,
        EvaluationOptions options,
        string subject = "the predictions"
    )
    {
        options = options.Validated();
        Prediction[] rows = [.. table.Rows.Where(row => row.IsLabelled && !_seenInTraining.Contains(row.Split))];
        if (rows.Length == 0)
            throw new InputException(
                subject,
                table.Rows.Any(row => row.IsLabelled)
                    ? "holds only slides that were trained on"
                    : "holds no slide whose truth is known",
                table.Rows.Any(row => row.IsLabelled)
                    ? "Give predictions of held-out slides: a column split with \"test\""
                    : $"Fill the column {string.Join(" and ", table.Target.Columns)}, or give the truth with --labels"
            );
        var survival = table.Target is TargetSpec.Survival;
        var ranks = survival ? RiskRanks(rows) : null;
        var wrong = survival ? Misordered(rows) : null;
        ScoredPrediction[] scored =
        [
            .. rows.Select(
                (row, i) => new ScoredPrediction(row, ranks?[i], wrong is null ? ErrorOf(row, table) : wrong[i])
            ),
        ];
        var numbers = FoldNumbers(rows);
        return new(
            table.Target,
            table.Classes,
            scored,
            table.Rows.Count - rows.Length,
            Group(table, scored, null, options),
            [
                .. numbers.Select(fold =>
                    Group(table, [.. scored.Where(row => row.Prediction.Fold == fold)], fold, options)
                ),
            ],
            survival ? Risks(scored) : null,
            Notes(table, scored, numbers.Length, options)
        );
    }

    private static int[] FoldNumbers(Prediction[] rows)
    {
        int[] numbers = [.. rows.Select(row => row.Fold).OfType<int>().Distinct().Order()];
        return numbers.Length > 1 ? numbers : [];
    }

    private static ScoreGroup Group(
        PredictionTable table,
        ScoredPrediction[] rows,
        int? fold,
        EvaluationOptions options
    )
    {
        Dictionary<string, int> patients = new(StringComparer.Ordinal);
        var groups = new int[rows.Length];
        for (var i = 0; i < rows.Length; i++)
        {
            var patient = rows[i].Prediction.Patient;
            if (!patients.TryGetValue(patient, out groups[i]))
                patients.Add(patient, groups[i] = patients.Count);
        }

        // one seed a group: its metrics are then computed on the same resamples
        var seed = options.Seed.Number($"bootstrap fold {fold}");
        var metrics = table.Target switch
        {
            TargetSpec.Classification => ClassMetrics(table, rows),
            TargetSpec.Regression => ValueMetrics(rows),
            _ => [new Measure(Metric.Concordance, null, RiskStatistic(rows, acrossFolds: fold is null))],
        };
        return new ScoreGroup(
            fold,
            rows.Length,
            patients.Count,
            [.. metrics.Select(measure => Scored(measure, rows.Length, patients.Count, seed, groups, options))]
        );
    }

    private static Score Scored(
        Measure measure,
        int slides,
        int patients,
        int seed,
        int[] groups,
        EvaluationOptions options
    )
    {
        if (measure.Obstacle is { } obstacle)
            return Score.Undetermined(measure.Metric, obstacle);
        if (patients < 2)
            return Score.Undetermined(
                measure.Metric,
                $"all {slides} slides are of one patient, from whom no interval can be estimated"
            );
        try
        {
            return Score.Of(
                measure.Metric,
                Bootstrap.Percentile(
                    slides,
                    seed,
                    measure.Statistic,
                    options.Resamples,
                    groups,
                    EvaluationOptions.Level
                )
            );
        }
        catch (StatisticsException error)
        {
            return Score.Undetermined(measure.Metric, error.Message.TrimEnd('.'));
        }
    }

    private static Measure[] ClassMetrics(PredictionTable table, ScoredPrediction[] rows)
    {
        var classes = table.Classes;
        int[] truth = [.. rows.Select(row => IndexOf(classes, row.Prediction.Label!))];
        int[] predicted =
        [
            .. rows.Select(row => row.Prediction.PredictedClass is { } name ? IndexOf(classes, name) : -1),
        ];
        string[] present = [.. rows.Select(row => row.Prediction.Label!).Distinct(StringComparer.Ordinal)];
        var oneClass = present.Length < 2 ? $"all {rows.Length} slides are of class {present[0]}" : null;
        var noClass = predicted.Contains(-1)
            ? "the predictions are scores that are no probabilities, from which no class follows"
            : null;
        var noScores =
            classes.Count > 2 && rows.Any(row => row.Prediction.Probabilities.Count != classes.Count)
                ? "with more than two classes it needs a probability of each"
                : null;
        return
        [
            new(
                Metric.Auc,
                oneClass ?? noScores,
                classes.Count > 2 ? MacroArea(truth, rows, classes.Count) : Area(truth, rows)
            ),
            Confusion(Metric.Accuracy, noClass, matrix => matrix.Accuracy),
            Confusion(Metric.BalancedAccuracy, noClass ?? oneClass, matrix => matrix.BalancedAccuracy),
            Confusion(Metric.F1, noClass ?? oneClass, matrix => matrix.Classes == 2 ? matrix.F1(1) : matrix.MacroF1),
            Confusion(Metric.Kappa, noClass ?? oneClass, matrix => matrix.Kappa),
        ];

        Measure Confusion(Metric metric, string? obstacle, Func<ConfusionMatrix, double> value) =>
            new(
                metric,
                obstacle,
                sample =>
                {
                    Span<int> labels = new int[sample.Length],
                        calls = new int[sample.Length];
                    for (var i = 0; i < sample.Length; i++)
                        (labels[i], calls[i]) = (truth[sample[i]], predicted[sample[i]]);
                    // as the AUC is: on resamples that hold one class only, these say nothing of telling classes apart
                    if (metric != Metric.Accuracy && labels.IndexOfAnyExcept(labels[0]) < 0)
                        throw new StatisticsException("All rows are of one class.");
                    return value(new ConfusionMatrix(labels, calls, classes.Count));
                }
            );
    }

    private static ResampledStatistic Area(int[] truth, ScoredPrediction[] rows)
    {
        double[] scores = [.. rows.Select(row => row.Prediction.Score)];
        return sample =>
        {
            var drawn = new double[sample.Length];
            var positives = new bool[sample.Length];
            for (var i = 0; i < sample.Length; i++)
                (drawn[i], positives[i]) = (scores[sample[i]], truth[sample[i]] == 1);
            return RocCurve.Area(drawn, positives);
        };
    }

    private static ResampledStatistic MacroArea(int[] truth, ScoredPrediction[] rows, int classes) =>
        sample =>
        {
            var probabilities = new double[sample.Length * classes];
            var labels = new int[sample.Length];
            for (var i = 0; i < sample.Length; i++)
            {
                labels[i] = truth[sample[i]];
                for (var k = 0; k < classes; k++)
                    probabilities[(i * classes) + k] = rows[sample[i]].Prediction.Probabilities[k];
            }

            return OneVersusRest.MacroArea(probabilities, labels, classes);
        };

    private static Measure[] ValueMetrics(ScoredPrediction[] rows)
    {
        double[] truth = [.. rows.Select(row => row.Prediction.Value!.Value)];
        double[] predicted = [.. rows.Select(row => row.Prediction.Score)];
        var constantTruth =
            truth.Distinct().Count() < 2
                ? FormattableString.Invariant($"the truth of all {rows.Length} slides is {truth[0]}")
                : null;
        var constant =
            constantTruth
            ?? (
                predicted.Distinct().Count() < 2
                    ? FormattableString.Invariant($"the prediction for all {rows.Length} slides is {predicted[0]}")
                    : null
            );
        return
        [
            new(Metric.Spearman, constant, Paired((x, y) => Correlation.Spearman(x, y))),
            new(Metric.Pearson, constant, Paired((x, y) => Correlation.Pearson(x, y))),
            new(Metric.Mae, null, Paired((x, y) => Errors.MeanAbsolute(x, y))),
            new(Metric.Rmse, null, Paired((x, y) => Errors.RootMeanSquare(x, y))),
            new(Metric.RSquared, constantTruth, Paired((x, y) => Errors.RSquared(x, y))),
        ];

        ResampledStatistic Paired(Func<double[], double[], double> value) =>
            sample =>
            {
                var x = new double[sample.Length];
                var y = new double[sample.Length];
                for (var i = 0; i < sample.Length; i++)
                    (x[i], y[i]) = (truth[sample[i]], predicted[sample[i]]);
                return value(x, y);
            };
    }

    private static ResampledStatistic RiskStatistic(ScoredPrediction[] rows, bool acrossFolds)
    {
        double[] times = [.. rows.Select(row => row.Prediction.Time!.Value)];
        bool[] events = [.. rows.Select(row => row.Prediction.Event!.Value)];
        double[] risks = [.. rows.Select(row => acrossFolds ? row.RiskRank!.Value : row.Prediction.Score)];
        return sample =>
        {
            var t = new double[sample.Length];
            var e = new bool[sample.Length];
            var r = new double[sample.Length];
            for (var i = 0; i < sample.Length; i++)
                (t[i], e[i], r[i]) = (times[sample[i]], events[sample[i]], risks[sample[i]]);
            return Concordance.Harrell(t, e, r);
        };
    }

    // The risks of a Cox model are known up to a constant of its own, so those of two folds cannot be compared as they are.
    private static double[] RiskRanks(Prediction[] rows)
    {
        var ranks = new double[rows.Length];
        foreach (var fold in Enumerable.Range(0, rows.Length).GroupBy(i => rows[i].Fold))
        {
            int[] members = [.. fold];
            var places = Ranks.Mid(Array.ConvertAll(members, i => rows[i].Score));
            for (var i = 0; i < members.Length; i++)
                ranks[members[i]] = (places[i] - 0.5) / members.Length;
        }

        return ranks;
    }

    private static double?[] Misordered(Prediction[] rows)
    {
        var shares = new double?[rows.Length];
        foreach (var fold in Enumerable.Range(0, rows.Length).GroupBy(i => rows[i].Fold))
        {
            int[] members = [.. fold];
            foreach (var i in members)
            {
                double wrong = 0;
                var comparable = 0;
                foreach (var j in members)
                {
                    var order = Sooner(rows[i], rows[j]);
                    if (order == 0)
                        continue;
                    comparable++;
                    var risk = rows[i].Score.CompareTo(rows[j].Score);
                    wrong +=
                        risk == 0 ? 0.5
                        : Math.Sign(risk) == order ? 0
                        : 1;
                }

                shares[i] = comparable == 0 ? null : wrong / comparable;
            }
        }

        return shares;
    }

    // 1: a is known to have had its event before b's time; −1: the other way round; 0: it is not known.
    private static int Sooner(Prediction a, Prediction b)
    {
        if (Before(a, b))
            return 1;
        return Before(b, a) ? -1 : 0;

        static bool Before(Prediction first, Prediction second) =>
            first.Event!.Value && (first.Time < second.Time || (first.Time == second.Time && !second.Event!.Value));
    }

    private static double? ErrorOf(Prediction row, PredictionTable table)
    {
        if (table.Target is TargetSpec.Regression)
            return Math.Abs(row.Score - row.Value!.Value);
        if (row.Probabilities.Count == table.Classes.Count)
            return 1 - row.Probabilities[IndexOf(table.Classes, row.Label!)];
        if (row.PredictedClass is not { } name)
            return null;
        return string.Equals(name, row.Label, StringComparison.Ordinal) ? 0 : 1;
    }

    private static RiskGroups Risks(ScoredPrediction[] rows)
    {
        var patients = rows.GroupBy(row => (row.Prediction.Patient, row.Prediction.Time, row.Prediction.Event))
            .Select(slides =>
                (
                    Time: slides.Key.Time!.Value,
                    Event: slides.Key.Event!.Value,
                    Group: slides.Average(slide => slide.RiskRank!.Value) > 0.5 + 1e-12 ? 1 : 0
                )
            )
            .ToArray();
        var low = Curve(0);
        var high = Curve(1);
        if (low is null || high is null)
            return new RiskGroups(low, high, null, "the predicted risks do not tell patients apart");
        try
        {
            return new RiskGroups(
                low,
                high,
                LogRank.Test(
                    [.. patients.Select(patient => patient.Time)],
                    [.. patients.Select(patient => patient.Event)],
                    [.. patients.Select(patient => patient.Group)]
                ),
                null
            );
        }
        catch (StatisticsException error)
        {
            return new RiskGroups(low, high, null, error.Message.TrimEnd('.'));
        }

        KaplanMeier? Curve(int group)
        {
            var members = patients.Where(patient => patient.Group == group).ToArray();
            return members.Length == 0
                ? null
                : KaplanMeier.Fit(
                    [.. members.Select(patient => patient.Time)],
                    [.. members.Select(patient => patient.Event)],
                    EvaluationOptions.Level
                );
        }
    }

    private static List<string> Notes(
        PredictionTable table,
        ScoredPrediction[] rows,
        int folds,
        EvaluationOptions options
    )
    {
        List<string> notes =
        [
            FormattableString.Invariant(
                $"The unit is the slide. Intervals are {100 * EvaluationOptions.Level:0.#} % bootstrap percentiles over {options.Resamples} resamples of whole patients (seed {options.Seed.Value})."
            ),
        ];
        if (table.Target is TargetSpec.Classification && table.Classes.Count == 2)
            notes.Add($"AUC and F1 are those of class {table.Classes[1]} against {table.Classes[0]}.");
        if (table.Target is TargetSpec.Survival)
        {
            if (folds > 1)
                notes.Add(
                    "The risks of networks trained on different folds are not on one scale: the pooled C-index compares "
                        + "the ranks of risks within their folds."
                );
            notes.Add(
                "High and low risk are split at the median risk of the fold, with one entry a patient (the mean over its slides)."
            );
        }

        if (
            rows.GroupBy(row => row.Prediction.Slide, StringComparer.Ordinal).Count(slide => slide.Count() > 1)
            is > 0
                and var repeated
        )
            notes.Add(
                $"{repeated} slides were predicted in several folds and count once for each in the pooled figures."
            );
        if (table.Rows.Count > rows.Length)
            notes.Add(
                $"{table.Rows.Count - rows.Length} of {table.Rows.Count} rows are not scored: their truth is unknown, or they were trained on."
            );
        return notes;
    }

    private static int IndexOf(IReadOnlyList<string> classes, string name)
    {
        for (var i = 0; i < classes.Count; i++)
        {
            if (string.Equals(classes[i], name, StringComparison.Ordinal))
                return i;
        }

        throw new ArgumentException($"{name} is none of the classes {string.Join(", ", classes)}.", nameof(name));
    }

    private readonly record struct Measure(Metric Metric, string? Obstacle, ResampledStatistic Statistic);
}
