using Histonic.Learning.Encoders.Scoring;
using Histonic.Slides;
using Histonic.Statistics;
using Histonic.Statistics.Intervals;

namespace Histonic.Learning.Encoders.Evaluation;

/// <summary>What the repeats of one method say of the same patches.</summary>
/// <param name="Ids">What names each patch.</param>
/// <param name="Runs">The outputs of each repeat, at least one.</param>
internal sealed record ProbeOutputs(IReadOnlyList<string> Ids, IReadOnlyList<TaskOutputs> Runs)
{
    private const string Area = "auc";

    /// <summary>Each figure as the mean over the repeats, with its interval and spread.</summary>
    /// <param name="seed">Where the resamples come from.</param>
    /// <param name="undetermined">Told of each figure that cannot be had, and why.</param>
    public IReadOnlyDictionary<string, RepeatedEstimate> Estimates(Seed seed, Action<string> undetermined)
    {
        var estimates = new Dictionary<string, RepeatedEstimate>(StringComparer.Ordinal);
        foreach (var name in Runs[0].Measures.Select(measure => measure.Name))
        {
            try
            {
                estimates[name] = new RepeatedEstimate(
                    Bootstrap.Percentile(
                        Ids.Count,
                        seed.Number(name),
                        Mean(name),
                        EncoderEvaluationOptions.Resamples,
                        Runs[0].Groups
                    ),
                    Spread(name)
                );
            }
            catch (StatisticsException error)
            {
                undetermined($"{name} has no interval: {error.Message}");
            }
        }

        return estimates;
    }

    /// <summary>The AUC of these outputs minus that of others on the same patches; null where it cannot be had.</summary>
    /// <param name="other">The others.</param>
    /// <param name="seed">Where the resamples come from.</param>
    public Estimate? AreaAbove(ProbeOutputs other, Seed seed)
    {
        if (!Ids.SequenceEqual(other.Ids, StringComparer.Ordinal))
            return null;
        var (mine, theirs) = (Mean(Area), other.Mean(Area));
        try
        {
            return Bootstrap.Percentile(
                Ids.Count,
                seed.Number(Area),
                rows => mine(rows) - theirs(rows),
                EncoderEvaluationOptions.Resamples,
                Runs[0].Groups
            );
        }
        catch (StatisticsException)
        {
            return null;
        }
    }

    private ResampledStatistic Mean(string name)
    {
        List<ResampledStatistic> each = [.. Runs.Select(run => Measure(run, name))];
        return rows =>
        {
            var sum = 0.0;
            foreach (var statistic in each)
                sum += statistic(rows);
            return sum / each.Count;
        };
    }

    private double? Spread(string name)
    {
        if (Runs.Count == 1)
            return null;
        int[] rows = [.. Enumerable.Range(0, Ids.Count)];
        var values = Runs.Select(run => Measure(run, name)(rows)).ToList();
        var mean = values.Average();
        return Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Count - 1));
    }

    private static ResampledStatistic Measure(TaskOutputs run, string name) =>
        run.Measures.Single(measure => string.Equals(measure.Name, name, StringComparison.Ordinal)).Of;
}
