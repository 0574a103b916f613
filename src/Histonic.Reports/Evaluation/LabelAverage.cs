using Histonic.Statistics;

namespace Histonic.Reports.Evaluation;

/// <summary>The figures of several labels of one slide, averaged over the labels, each counting the same.</summary>
/// <param name="Labels">The labels.</param>
/// <param name="Pooled">The averages over all slides.</param>
/// <param name="Folds">Those of each fold, ascending; empty when the rows name no folds.</param>
public sealed record LabelAverage(IReadOnlyList<string> Labels, ScoreGroup Pooled, IReadOnlyList<ScoreGroup> Folds)
{
    private static readonly Metric[] _metrics =
    [
        Metric.Auc,
        Metric.AveragePrecision,
        Metric.BalancedAccuracy,
        Metric.F1,
        Metric.Brier,
    ];

    /// <summary>Gets the labels in one line.</summary>
    public string Name => string.Join(", ", Labels);

    /// <summary>Averages the figures of labels.</summary>
    /// <remarks>
    /// A label's figures are of the slides whose truth it knows. Intervals are of the average: in each resample of the patients all labels
    /// are scored on the same patients. Where one label is not determined, neither is the average: a mean over fewer labels would be another figure.
    /// </remarks>
    /// <param name="labels">How good the predictions of each label are, at least two.</param>
    /// <param name="options">How intervals are made.</param>
    public static LabelAverage Of(IReadOnlyList<EvaluationResult> labels, EvaluationOptions options)
    {
        ScoredPrediction[] rows =
        [
            .. labels.SelectMany(label => label.Rows).DistinctBy(row => (row.Prediction.Slide, row.Prediction.Fold)),
        ];
        return new(
            [.. labels.Select(label => label.Target.Name)],
            Group(rows, null),
            [
                .. Evaluator
                    .FoldNumbers(rows.Select(row => row.Prediction))
                    .Select(fold => Group([.. rows.Where(row => row.Prediction.Fold == fold)], fold)),
            ]
        );

        ScoreGroup Group(ScoredPrediction[] members, int? fold) =>
            Evaluator.Group(members, fold, Measures(labels, members, fold), options);
    }

    private static IEnumerable<Measure> Measures(
        IReadOnlyList<EvaluationResult> labels,
        ScoredPrediction[] rows,
        int? fold
    )
    {
        var parts = labels.Select(label => Part.Of(label, rows, fold)).ToArray();
        return _metrics.Select(metric =>
        {
            var own = parts.Select(part => part.Measures.FirstOrDefault(measure => measure.Metric == metric)).ToArray();
            var undetermined = Array.FindIndex(
                own,
                measure => measure?.Statistic is null || measure.Obstacle is not null
            );
            return Measure.Resampled(
                metric with
                {
                    Title = $"{metric.Title}, mean of labels",
                    Meaning = $"The mean over the labels, each counting the same. Of one label: {metric.Meaning}",
                },
                undetermined < 0
                    ? null
                    : $"{labels[undetermined].Target.Name}: {own[undetermined]?.Obstacle ?? "no slide whose truth is known"}",
                sample =>
                {
                    double sum = 0;
                    for (var i = 0; i < own.Length; i++)
                        sum += own[i]!.Statistic!(parts[i].Drawn(sample));
                    return sum / own.Length;
                }
            );
        });
    }

    /// <summary>One label: its metrics over its own rows, and where these stand among the rows of all labels.</summary>
    private sealed record Part(Measure[] Measures, int[] Places)
    {
        public static Part Of(EvaluationResult label, ScoredPrediction[] rows, int? fold)
        {
            ScoredPrediction[] own = [.. label.Rows.Where(row => fold is null || row.Prediction.Fold == fold)];
            var places = own.Select((row, i) => (Key: (row.Prediction.Slide, row.Prediction.Fold), Place: i))
                .ToDictionary(one => one.Key, one => one.Place);
            return new(
                own.Length == 0 ? [] : ClassMeasures.Of(label.Classes, own),
                Array.ConvertAll(
                    rows,
                    row => places.TryGetValue((row.Prediction.Slide, row.Prediction.Fold), out var place) ? place : -1
                )
            );
        }

        public int[] Drawn(ReadOnlySpan<int> sample)
        {
            List<int> drawn = new(sample.Length);
            foreach (var row in sample)
            {
                if (Places[row] >= 0)
                    drawn.Add(Places[row]);
            }

            return drawn.Count > 0
                ? [.. drawn]
                : throw new StatisticsException("No drawn slide has a known truth of one of the labels.");
        }
    }
}
