using Histonic.Reports.Evaluation;
using Histonic.Slides;
using Histonic.Statistics;
using Histonic.Statistics.Intervals;
using Histonic.Statistics.Regression;

namespace Histonic.Reports.Experiments;

/// <summary>The number of tasks an encoder was trained on against its performance on one target.</summary>
/// <param name="Target">The target.</param>
/// <param name="Metric">The target's main metric.</param>
/// <param name="Points">The encoders trained on labelled tasks, by number of tasks: each the mean over its seeds.</param>
/// <param name="Rho">Spearman's correlation of number and performance over encoders, with its interval; null where there is none.</param>
/// <param name="Reason">Why there is no correlation; null where there is.</param>
public sealed record TaskCurve(
    string Target,
    Metric Metric,
    IReadOnlyList<EncoderSummary> Points,
    Estimate? Rho,
    string? Reason
)
{
    /// <summary>How the interval is made, in a sentence.</summary>
    public const string Method =
        "The unit is the encoder (one subset of tasks): the metric is averaged over its seeds first, which stay with it. "
        + "The interval is the 95 % percentile bootstrap over encoders: whole encoders are drawn with replacement, all with all their seeds; "
        + "draws with one number of tasks only are drawn again. It tells how far the correlation rests on single encoders, "
        + "not how it would differ in other patients; encoders that share tasks are not independent.";

    /// <summary>Brings the encoders of one target together.</summary>
    /// <param name="summaries">The encoders of one target.</param>
    /// <param name="resamples">How many resamples make the interval.</param>
    /// <param name="seed">Where they come from.</param>
    /// <returns>The curve; null where no encoder with a figure was trained on labelled tasks.</returns>
    public static TaskCurve? Of(IReadOnlyList<EncoderSummary> summaries, int resamples, Seed seed)
    {
        EncoderSummary[] points =
        [
            .. summaries
                .Where(summary => summary.Tasks.Count > 0 && summary.Values.Count > 0)
                .OrderBy(summary => summary.Tasks.Count),
        ];
        if (points.Length == 0)
            return null;
        var (target, metric) = (points[0].Target, points[0].Metric!);
        var counts = Array.ConvertAll(points, point => (double)point.Tasks.Count);
        var means = Array.ConvertAll(points, point => point.Mean);
        if (points.Length < 4 || counts.Distinct().Count() < 2)
            return new TaskCurve(
                target,
                metric,
                points,
                null,
                "a correlation needs 4 encoders of different numbers of tasks"
            );
        try
        {
            var rho = Bootstrap.Percentile(
                points.Length,
                seed.Number($"number of tasks and {target}"),
                rows => Correlation.Spearman(At(counts, rows), At(means, rows)),
                resamples
            );
            return new TaskCurve(target, metric, points, rho, null);
        }
        catch (StatisticsException error)
        {
            return new TaskCurve(target, metric, points, null, error.Message.TrimEnd('.'));
        }
    }

    private static double[] At(double[] values, ReadOnlySpan<int> rows)
    {
        var drawn = new double[rows.Length];
        for (var i = 0; i < drawn.Length; i++)
            drawn[i] = values[rows[i]];
        return drawn;
    }
}
