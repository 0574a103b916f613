using Histonic.Slides;
using Histonic.Slides.Cohorts;
using Histonic.Statistics;
using Histonic.Statistics.Intervals;
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
        var scored = Scored(table, subject);
        Prediction[] rows = [.. scored.Select(row => row.Prediction)];
        var numbers = FoldNumbers(rows);
        var horizons = table.Target is TargetSpec.Survival ? Horizons.Of(scored, options.Times) : null;
        var curves = horizons is null ? null : SurvivalCurves.Fit(scored, horizons.Tau, options.Seed);
        return new(
            table.Target,
            table.Classes,
            scored,
            table.Rows.Count - rows.Length,
            Group(scored, null),
            [.. numbers.Select(fold => Group([.. scored.Where(row => row.Prediction.Fold == fold)], fold))],
            table.Target is TargetSpec.Survival ? Risks(scored) : null,
            horizons,
            Notes(table, scored, numbers.Length, horizons, options)
        );

        ScoreGroup Group(ScoredPrediction[] members, int? fold) =>
            Evaluator.Group(members, fold, Measures(table, members, fold is null, horizons, curves), options);
    }

    /// <summary>The rows that can be scored, each with its error and, for survival, the rank of its risk.</summary>
    /// <exception cref="InputException">No row can be scored.</exception>
    internal static ScoredPrediction[] Scored(PredictionTable table, string subject)
    {
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
        return
        [
            .. rows.Select(
                (row, i) => new ScoredPrediction(row, ranks?[i], wrong is null ? ErrorOf(row, table) : wrong[i])
            ),
        ];
    }

    /// <summary>The target's metrics of some rows, the main one first.</summary>
    internal static Measure[] Measures(
        PredictionTable table,
        ScoredPrediction[] rows,
        bool acrossFolds,
        Horizons? horizons,
        SurvivalCurves? curves
    ) =>
        table.Target switch
        {
            TargetSpec.Classification => ClassMeasures.Of(table.Classes, rows),
            TargetSpec.Regression => ValueMeasures.Of(rows),
            _ => RiskMeasures.Of(rows, acrossFolds, horizons, curves),
        };

    /// <summary>The number of each row's patient, from 0, and how many there are.</summary>
    internal static (int[] Groups, int Count) Patients(ScoredPrediction[] rows)
    {
        Dictionary<string, int> patients = new(StringComparer.Ordinal);
        var groups = new int[rows.Length];
        for (var i = 0; i < rows.Length; i++)
        {
            var patient = rows[i].Prediction.Patient;
            if (!patients.TryGetValue(patient, out groups[i]))
                patients.Add(patient, groups[i] = patients.Count);
        }

        return (groups, patients.Count);
    }

    /// <summary>The folds that rows name, ascending; none where they name fewer than two.</summary>
    internal static int[] FoldNumbers(IEnumerable<Prediction> rows)
    {
        int[] numbers = [.. rows.Select(row => row.Fold).OfType<int>().Distinct().Order()];
        return numbers.Length > 1 ? numbers : [];
    }

    /// <summary>The scores of some rows by these metrics.</summary>
    internal static ScoreGroup Group(
        ScoredPrediction[] rows,
        int? fold,
        IEnumerable<Measure> measures,
        EvaluationOptions options
    )
    {
        var (groups, patients) = Patients(rows);
        // one seed a group: its metrics are then computed on the same resamples
        var seed = options.Seed.Number($"bootstrap fold {fold}");
        return new ScoreGroup(
            fold,
            rows.Length,
            patients,
            [
                .. measures
                    .AsParallel()
                    .AsOrdered()
                    .WithDegreeOfParallelism(options.Threads)
                    .Select(measure => Scored(measure, rows.Length, patients, seed, groups, options)),
            ]
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
                measure.Estimate is { } estimate
                    ? estimate(groups)
                    : Bootstrap.Percentile(
                        slides,
                        seed,
                        measure.Statistic!,
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
        var patients = RiskPatient.Of(rows);
        var low = Curve(high: false);
        var high = Curve(high: true);
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
                    [.. patients.Select(patient => patient.IsHigh ? 1 : 0)]
                ),
                null
            );
        }
        catch (StatisticsException error)
        {
            return new RiskGroups(low, high, null, error.Message.TrimEnd('.'));
        }

        KaplanMeier? Curve(bool high)
        {
            var members = patients.Where(patient => patient.IsHigh == high).ToArray();
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
        Horizons? horizons,
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
            notes.Add(
                $"AUC, average precision and F1 are those of class {table.Classes[1]} against {table.Classes[0]}. \"AUC, DeLong\" has DeLong's interval instead of the bootstrap's."
            );
        if (table.Target is TargetSpec.Survival)
        {
            if (folds > 1)
                notes.Add(
                    "The risks of networks trained on different folds are not on one scale: the pooled C-index compares "
                        + "the ranks of risks within their folds."
                );
            notes.Add(
                "High and low risk are split at the median risk of the fold, with one entry a patient (the mean over its slides); so are the hazard ratios, whose intervals are Wald's."
            );
            if (horizons is not null)
                notes.Add(
                    FormattableString.Invariant(
                        $"Uno's C and the integrated Brier score look up to τ = {horizons.Tau}, the latest event that a tenth of the slides were observed as long as."
                    )
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
}
