using Histonic.Slides;
using Histonic.Slides.Cohorts;
using Histonic.Statistics;
using Histonic.Statistics.Classification;
using Histonic.Statistics.Intervals;
using Histonic.Statistics.Testing;

namespace Histonic.Reports.Evaluation;

/// <summary>
/// Compares two runs on the slides that both predicted: the AUC of two classes by the paired test of DeLong with slides added
/// up by patient, every other metric by the paired bootstrap over patients; p values are corrected by Holm over the metrics.
/// </summary>
public static class RunComparer
{
    /// <summary>Compares.</summary>
    /// <param name="first">The first run's predictions; their patients are taken for both.</param>
    /// <param name="second">The second run's, of the same target.</param>
    /// <param name="firstName">What the first run is called; also in errors.</param>
    /// <param name="secondName">What the second run is called.</param>
    /// <param name="options">How.</param>
    /// <exception cref="InputException">
    /// The targets or classes differ, no slide is in both, or the two tables disagree on a slide's truth.
    /// </exception>
    public static RunComparison Compare(
        PredictionTable first,
        PredictionTable second,
        string firstName,
        string secondName,
        EvaluationOptions options
    )
    {
        options = options.Validated();
        if (first.Target != second.Target)
            throw new InputException(
                secondName,
                $"predicts {Described(second.Target)}, but {firstName} predicts {Described(first.Target)}",
                "Compare runs of one target"
            );
        var allFirst = Evaluator.Scored(first, firstName);
        var allSecond = Evaluator.Scored(InClassOrder(second, first.Classes, firstName, secondName), secondName);
        var (a, b) = Matched(allFirst, allSecond, firstName, secondName);
        var (groups, patients) = Evaluator.Patients(a);
        var compared = Corrected([.. Compared(first, a, b, groups, patients, options)]);
        return new RunComparison(
            firstName,
            secondName,
            first.Target,
            a.Length,
            patients,
            compared,
            Notes(a.Length, allFirst.Length, allSecond.Length, firstName, secondName, options)
        );
    }

    private static ParallelQuery<ComparedMetric> Compared(
        PredictionTable table,
        ScoredPrediction[] a,
        ScoredPrediction[] b,
        int[] groups,
        int patients,
        EvaluationOptions options
    )
    {
        var horizons = table.Target is TargetSpec.Survival ? Horizons.Of(a, options.Times) : null;
        var measures = Of(a).Zip(Of(b)).Where(pair => Comparable(pair.First)).ToArray();
        var seed = options.Seed.Number("comparison");
        return measures
            .AsParallel()
            .AsOrdered()
            .WithDegreeOfParallelism(options.Threads)
            .Select(pair => Compared(pair.First, pair.Second));

        Measure[] Of(ScoredPrediction[] rows) =>
            Evaluator.Measures(
                table,
                rows,
                // the rank within the fold; of one network alone it is the order of its risks
                acrossFolds: true,
                horizons,
                horizons is null ? null : SurvivalCurves.Fit(rows, horizons.Tau, options.Seed)
            );

        ComparedMetric Compared(Measure x, Measure y)
        {
            var byDeLong = x.Metric == Metric.Auc && table.Classes.Count == 2;
            var test = byDeLong ? "DeLong, paired, by patient" : "bootstrap, paired, by patient";
            var obstacle =
                x.Obstacle ?? y.Obstacle ?? (patients < 2 ? $"all {a.Length} slides are of one patient" : null);
            if (obstacle is not null)
                return new(x.Metric, test, null, null, obstacle);
            try
            {
                return new(x.Metric, test, byDeLong ? ByDeLong() : ByBootstrap(x, y), null, null);
            }
            catch (StatisticsException error)
            {
                return new(x.Metric, test, null, null, error.Message.TrimEnd('.'));
            }
        }

        PairedComparison ByDeLong() =>
            DeLong.Compare(
                Array.ConvertAll(a, row => row.Prediction.Score),
                Array.ConvertAll(b, row => row.Prediction.Score),
                Array.ConvertAll(
                    a,
                    row => string.Equals(row.Prediction.Label, table.Classes[1], StringComparison.Ordinal)
                ),
                EvaluationOptions.Level,
                groups
            );

        PairedComparison ByBootstrap(Measure x, Measure y) =>
            Bootstrap.Difference(
                a.Length,
                seed,
                x.Statistic!,
                y.Statistic!,
                options.Resamples,
                groups,
                EvaluationOptions.Level
            );
    }

    // without a model both runs have the same curves
    private static bool Comparable(Measure measure) =>
        measure.Statistic is not null && measure.Metric != Metric.NullIntegratedBrier;

    private static ComparedMetric[] Corrected(ComparedMetric[] metrics)
    {
        ComparedMetric[] tested = [.. metrics.Where(metric => metric.Values is not null)];
        var adjusted = MultipleTesting.Holm(Array.ConvertAll(tested, metric => metric.Values!.Value.PValue));
        var of = tested.Zip(adjusted).ToDictionary(pair => pair.First.Metric, pair => pair.Second);
        return
        [
            .. metrics.Select(metric =>
                of.TryGetValue(metric.Metric, out var p) ? metric with { AdjustedP = p } : metric
            ),
        ];
    }

    private static (ScoredPrediction[] First, ScoredPrediction[] Second) Matched(
        ScoredPrediction[] first,
        ScoredPrediction[] second,
        string firstName,
        string secondName
    )
    {
        // runs may have dealt their folds differently; only a slide that is there several times needs its fold to be told
        var once = Once(first) && Once(second);
        var partners = second.ToDictionary(Key);
        List<ScoredPrediction> a = [],
            b = [];
        foreach (var row in first)
        {
            if (!partners.TryGetValue(Key(row), out var partner))
                continue;
            if (!string.Equals(Truth(row), Truth(partner), StringComparison.Ordinal))
                throw new InputException(
                    secondName,
                    $"has another truth for slide {row.Prediction.Slide} than {firstName}: {Truth(partner)}, not {Truth(row)}",
                    "Predict both runs from the same labels, or give them with --labels"
                );
            a.Add(row);
            b.Add(partner with { Prediction = partner.Prediction with { Patient = row.Prediction.Patient } });
        }

        return a.Count > 0
            ? ([.. a], [.. b])
            : throw new InputException(
                secondName,
                $"has no slide in common with {firstName}",
                "Compare runs over the same slides"
            );

        static bool Once(ScoredPrediction[] rows) =>
            rows.DistinctBy(row => row.Prediction.Slide, StringComparer.Ordinal).Count() == rows.Length;

        (string, int?) Key(ScoredPrediction row) => (row.Prediction.Slide, once ? null : row.Prediction.Fold);

        static string Truth(ScoredPrediction row) =>
            FormattableString.Invariant(
                $"{row.Prediction.Label}{row.Prediction.Value}{row.Prediction.Time}{row.Prediction.Event switch { null => "", true => " (event)", false => " (censored)" }}"
            );
    }

    private static PredictionTable InClassOrder(
        PredictionTable table,
        IReadOnlyList<string> classes,
        string firstName,
        string secondName
    )
    {
        if (table.Classes.SequenceEqual(classes, StringComparer.Ordinal))
            return table;
        if (
            !table
                .Classes.Order(StringComparer.Ordinal)
                .SequenceEqual(classes.Order(StringComparer.Ordinal), StringComparer.Ordinal)
        )
            throw new InputException(
                secondName,
                $"has the classes {string.Join(", ", table.Classes)}, but {firstName} has {string.Join(", ", classes)}",
                "Compare runs of the same classes"
            );
        int[] places = [.. classes.Select(name => table.Classes.ToList().IndexOf(name))];
        return new PredictionTable(table.Target, classes, [.. table.Rows.Select(Turned)]);

        Prediction Turned(Prediction row)
        {
            if (row.Probabilities.Count == classes.Count)
            {
                double[] probabilities = [.. places.Select(place => row.Probabilities[place])];
                return row with { Probabilities = probabilities, Score = probabilities[1] };
            }

            if (row.PredictedClass is { } name)
                return row with { Score = string.Equals(name, classes[1], StringComparison.Ordinal) ? 1 : 0 };
            // a score of the second of two classes: turned over it is one of the other
            return row with { Score = -row.Score };
        }
    }

    private static List<string> Notes(
        int both,
        int first,
        int second,
        string firstName,
        string secondName,
        EvaluationOptions options
    )
    {
        List<string> notes =
        [
            FormattableString.Invariant(
                $"Differences are {firstName} less {secondName} on the same {both} predictions, with {100 * EvaluationOptions.Level:0.#} % intervals."
            ),
            FormattableString.Invariant(
                $"The AUC of two classes is tested by DeLong's paired test, the rest by {options.Resamples} paired resamples of whole patients (seed {options.Seed.Value}), whose smallest p value is {2.0 / (options.Resamples + 1):G2}; p (Holm) is corrected for the metrics of this table."
            ),
        ];
        if (first > both || second > both)
            notes.Add(
                $"{first - both} predictions of {firstName} and {second - both} of {secondName} have no partner and are left out."
            );
        return notes;
    }

    private static string Described(TargetSpec target) => $"{target.Task} of {string.Join(", ", target.Columns)}";
}
