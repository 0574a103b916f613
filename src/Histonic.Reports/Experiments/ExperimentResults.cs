using Histonic.Reports.Evaluation;
using Histonic.Slides;
using Histonic.Slides.Cohorts;
using Histonic.Statistics;
using Histonic.Statistics.Classification;
using Histonic.Statistics.Intervals;
using Histonic.Statistics.Testing;

namespace Histonic.Reports.Experiments;

/// <summary>What an experiment says: every predictor's figure, encoders over their seeds, tests between them, and the number of tasks.</summary>
/// <param name="Scores">Every predictor, in the experiment's order.</param>
/// <param name="Summaries">Every kind of encoder on every target, in the experiment's order.</param>
/// <param name="Comparisons">The tests between encoders.</param>
/// <param name="Curves">The number of tasks against performance, one a target that has encoders trained on labelled tasks.</param>
public sealed record ExperimentResults(
    IReadOnlyList<ExperimentScore> Scores,
    IReadOnlyList<EncoderSummary> Summaries,
    IReadOnlyList<EncoderComparison> Comparisons,
    IReadOnlyList<TaskCurve> Curves
)
{
    /// <summary>Scores predictors.</summary>
    /// <param name="entries">The predictors.</param>
    /// <param name="compareWith">The encoders that all others are tested against; empty = every two are.</param>
    /// <param name="options">How intervals are made.</param>
    /// <param name="monitor">Told how far it is.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static ExperimentResults Of(
        IReadOnlyList<ExperimentEntry> entries,
        IReadOnlyList<string> compareWith,
        EvaluationOptions options,
        IWorkMonitor monitor,
        CancellationToken cancellationToken
    )
    {
        options = options.Validated();
        var done = 0;
        var parallel = new ParallelOptions
        {
            MaxDegreeOfParallelism = options.Threads,
            CancellationToken = cancellationToken,
        };
        var scores = InParallel(entries, "score", entry => Scored(entry, options));
        var summaries = InParallel(
            [.. scores.GroupBy(score => (score.Entry.Encoder, score.Entry.Target))],
            "average seeds",
            group => Summary([.. group], options)
        );
        (EncoderSummary First, EncoderSummary Second)[] pairs =
        [
            .. from first in summaries.Index()
            from second in summaries.Skip(first.Index + 1)
            where string.Equals(first.Item.Target, second.Target, StringComparison.Ordinal)
            where
                compareWith.Count == 0
                || compareWith.Contains(first.Item.Encoder, StringComparer.Ordinal)
                || compareWith.Contains(second.Encoder, StringComparer.Ordinal)
            select (first.Item, second),
        ];
        var comparisons = InParallel(pairs, "compare", pair => Compared(pair.First, pair.Second, options));
        return new ExperimentResults(
            scores,
            summaries,
            Corrected(comparisons),
            [
                .. summaries
                    .GroupBy(summary => summary.Target, StringComparer.Ordinal)
                    .Select(target => TaskCurve.Of([.. target], options.Resamples, options.Seed))
                    .OfType<TaskCurve>(),
            ]
        );

        TResult[] InParallel<T, TResult>(IReadOnlyList<T> items, string stage, Func<T, TResult> map)
        {
            var results = new TResult[items.Count];
            done = 0;
            Parallel.For(
                0,
                results.Length,
                parallel,
                i =>
                {
                    results[i] = map(items[i]);
                    monitor.Report(new WorkProgress(stage, Interlocked.Increment(ref done), results.Length, "figures"));
                }
            );
            return results;
        }
    }

    private static ExperimentScore Scored(ExperimentEntry entry, EvaluationOptions options)
    {
        if (entry.Predictions is not { } table)
            return new ExperimentScore(entry, 0, 0, null);
        var (rows, patients, score) = Main(table, options);
        return new ExperimentScore(entry, rows, patients, score);
    }

    /// <summary>The target's main metric of predictions, with its interval over patients.</summary>
    private static (int Slides, int Patients, Score Score) Main(PredictionTable table, EvaluationOptions options)
    {
        var rows = Evaluator.Scored(table, "the predictions");
        var (groups, patients) = Evaluator.Patients(rows);
        var measure = MainMeasure(table, rows);
        if (measure.Obstacle is { } obstacle)
            return (rows.Length, patients, Score.Undetermined(measure.Metric, obstacle));
        try
        {
            return (
                rows.Length,
                patients,
                Score.Of(
                    measure.Metric,
                    Bootstrap.Percentile(
                        rows.Length,
                        options.Seed.Number("bootstrap"),
                        measure.Statistic!,
                        options.Resamples,
                        groups,
                        EvaluationOptions.Level
                    )
                )
            );
        }
        catch (StatisticsException error)
        {
            return (rows.Length, patients, Score.Undetermined(measure.Metric, error.Message.TrimEnd('.')));
        }
    }

    // risks of several networks are compared by their rank within the fold; without horizons the costly survival metrics stay away
    private static Measure MainMeasure(PredictionTable table, ScoredPrediction[] rows) =>
        Evaluator.Measures(table, rows, acrossFolds: true, horizons: null, curves: null)[0];

    private static EncoderSummary Summary(ExperimentScore[] scores, EvaluationOptions options)
    {
        var entry = scores[0].Entry;
        var summary = new EncoderSummary(
            entry.Encoder,
            entry.Origin,
            entry.Tasks,
            entry.Target,
            scores.Select(score => score.Score?.Metric).OfType<Metric>().FirstOrDefault(),
            [
                .. scores
                    .Where(score => score.Score?.Estimate is not null)
                    .Select(score =>
                        (score.Entry.EncoderSeed, score.Entry.PredictorSeed, score.Score!.Estimate!.Value.Value)
                    ),
            ],
            scores.Count(score => score.Score?.Estimate is null),
            null,
            0,
            0,
            null
        );
        PredictionTable[] tables = [.. scores.Select(score => score.Entry.Predictions).OfType<PredictionTable>()];
        if (tables.Length == 0)
            return summary with
            {
                Reason = scores.Select(score => score.Entry.Failure).OfType<string>().FirstOrDefault(),
            };
        var average = SeedAverage.Of(tables);
        if (average.Rows.Count == 0)
            return summary with { Reason = "its seeds predicted no slide in common" };
        var (slides, patients, figure) = Main(average, options);
        return summary with
        {
            Averaged = figure.Estimate,
            Slides = slides,
            Patients = patients,
            Reason = figure.Reason,
            Predictions = average,
        };
    }

    private static EncoderComparison Compared(EncoderSummary first, EncoderSummary second, EvaluationOptions options)
    {
        var metric = (first.Metric ?? second.Metric)?.Key ?? "";
        var none = new EncoderComparison(
            first.Target,
            first.Encoder,
            second.Encoder,
            metric,
            "",
            0,
            0,
            null,
            null,
            null
        );
        if (first.Predictions is not { } left || second.Predictions is not { } right)
            return none with { Reason = $"{(first.Predictions is null ? first : second).Encoder} has no predictions" };
        var partners = right.Rows.ToDictionary(row => row.Slide, StringComparer.Ordinal);
        left = left with { Rows = [.. left.Rows.Where(row => partners.ContainsKey(row.Slide))] };
        if (left.Rows.Count < 2)
            return none with { Reason = "they predicted no slides in common" };
        right = right with { Rows = [.. left.Rows.Select(row => partners[row.Slide])] };
        var (a, b) = (Evaluator.Scored(left, first.Encoder), Evaluator.Scored(right, second.Encoder));
        var (groups, patients) = Evaluator.Patients(a);
        var (x, y) = (MainMeasure(left, a), MainMeasure(right, b));
        var byDeLong = left.Target is TargetSpec.Classification && left.Classes.Count == 2;
        none = none with
        {
            Metric = x.Metric.Key,
            Test = byDeLong ? "DeLong, paired, by patient" : "bootstrap, paired, by patient",
            Slides = a.Length,
            Patients = patients,
        };
        if ((x.Obstacle ?? y.Obstacle) is { } obstacle)
            return none with { Reason = obstacle };
        try
        {
            return none with
            {
                Values = byDeLong
                    ? DeLong.Compare(
                        Array.ConvertAll(a, row => row.Prediction.Score),
                        Array.ConvertAll(b, row => row.Prediction.Score),
                        Array.ConvertAll(
                            a,
                            row => string.Equals(row.Prediction.Label, left.Classes[1], StringComparison.Ordinal)
                        ),
                        EvaluationOptions.Level,
                        groups
                    )
                    : Bootstrap.Difference(
                        a.Length,
                        options.Seed.Number("comparison"),
                        x.Statistic!,
                        y.Statistic!,
                        options.Resamples,
                        groups,
                        EvaluationOptions.Level
                    ),
            };
        }
        catch (StatisticsException error)
        {
            return none with { Reason = error.Message.TrimEnd('.') };
        }
    }

    private static EncoderComparison[] Corrected(EncoderComparison[] comparisons)
    {
        var adjusted = new Dictionary<EncoderComparison, double>(ReferenceEqualityComparer.Instance);
        foreach (
            var target in comparisons
                .Where(one => one.Values is not null)
                .GroupBy(one => one.Target, StringComparer.Ordinal)
        )
        {
            EncoderComparison[] tested = [.. target];
            var p = MultipleTesting.Holm(Array.ConvertAll(tested, one => one.Values!.Value.PValue));
            for (var i = 0; i < tested.Length; i++)
                adjusted.Add(tested[i], p[i]);
        }

        return Array.ConvertAll(
            comparisons,
            one => adjusted.TryGetValue(one, out var p) ? one with { AdjustedP = p } : one
        );
    }
}
