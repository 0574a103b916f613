using Histonic.Statistics;
using Histonic.Statistics.Intervals;

namespace Histonic.Reports.Evaluation;

/// <summary>How one metric of some rows is computed.</summary>
/// <param name="Metric">The metric.</param>
/// <param name="Obstacle">Why these rows do not determine it; null when they may.</param>
internal sealed record Measure(Metric Metric, string? Obstacle)
{
    /// <summary>Gets the metric of a resample of the rows, whose interval is the bootstrap's; null where it has one of its own.</summary>
    public ResampledStatistic? Statistic { get; init; }

    /// <summary>Gets the metric with an interval of its own, for the groups (patients) of the rows; null where it is bootstrapped.</summary>
    public Func<int[], Estimate>? Estimate { get; init; }

    /// <summary>A metric whose interval is the bootstrap's.</summary>
    public static Measure Resampled(Metric metric, string? obstacle, ResampledStatistic statistic) =>
        new(metric, obstacle) { Statistic = statistic };

    /// <summary>A metric with an interval of its own.</summary>
    public static Measure Direct(Metric metric, string? obstacle, Func<int[], Estimate> estimate) =>
        new(metric, obstacle) { Estimate = estimate };

    /// <summary>The values of a resample's rows.</summary>
    public static T[] At<T>(T[] values, ReadOnlySpan<int> sample)
    {
        var drawn = new T[sample.Length];
        for (var i = 0; i < sample.Length; i++)
            drawn[i] = values[sample[i]];
        return drawn;
    }
}
