namespace Histonic.Statistics.Intervals;

/// <summary>Confidence intervals by resampling (Efron and Tibshirani, An Introduction to the Bootstrap, 1993, chapter 13).</summary>
public static class Bootstrap
{
    /// <summary>
    /// The percentile interval. With <paramref name="groups"/>, whole groups are drawn with replacement, as many as there
    /// are: slides of one patient are not independent, so patients are the unit (cluster bootstrap, Field and Welsh, JRSS B
    /// 2007; 69:369-90). The interval's ends are quantiles by linear interpolation (R's type 7, NumPy's default).
    /// </summary>
    /// <remarks>
    /// A resample on which the statistic is not determined (one class only, say) is drawn again, so the interval is
    /// conditional on the statistic's being defined; if fewer than one draw in ten will do, it is refused.
    /// The same seed gives the same interval.
    /// </remarks>
    /// <param name="n">The number of rows, at least 2.</param>
    /// <param name="seed">Any number.</param>
    /// <param name="statistic">Called with the rows 0 … n − 1 for the value, then once a draw.</param>
    /// <param name="resamples">How many resamples make the interval, at least 100; 2,000 put its ends within about 1 % of its width.</param>
    /// <param name="groups">The group (patient) of each row, any numbers, in row order; null: each row is its own.</param>
    /// <param name="level">The coverage aimed at, in (0, 1).</param>
    /// <exception cref="ArgumentException">The groups are not n, the level is not in (0, 1) or there are fewer than 100 resamples.</exception>
    /// <exception cref="StatisticsException">
    /// The statistic is not determined on the data or on nine draws in ten, or there are fewer than 2 rows or groups.
    /// </exception>
    public static Estimate Percentile(
        int n,
        int seed,
        ResampledStatistic statistic,
        int resamples = 2000,
        IReadOnlyList<int>? groups = null,
        double level = 0.95
    )
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(resamples, 100);
        Check.Level(level);
        var members = Members(n, groups);
        var all = new int[n];
        for (var i = 0; i < n; i++)
            all[i] = i;
        var value = statistic(all);
        if (!double.IsFinite(value))
            throw new StatisticsException("The statistic is not a finite number on these rows.");

        var random = new Random(seed);
        var values = new double[resamples];
        var rows = new List<int>(n);
        var failures = 0;
        for (var done = 0; done < resamples; )
        {
            rows.Clear();
            for (var i = 0; i < members.Length; i++)
                rows.AddRange(members[random.Next(members.Length)]);
            if (Try(statistic, System.Runtime.InteropServices.CollectionsMarshal.AsSpan(rows), out values[done]))
                done++;
            else if (++failures > 9 * resamples)
                throw new StatisticsException(
                    $"The statistic cannot be computed on most resamples of these {n} rows in {members.Length} groups: "
                        + "too few of one kind."
                );
        }

        Array.Sort(values);
        return new(value, Quantile(values, (1 - level) / 2), Quantile(values, (1 + level) / 2), n);
    }

    private static bool Try(ResampledStatistic statistic, ReadOnlySpan<int> rows, out double value)
    {
        try
        {
            value = statistic(rows);
            return double.IsFinite(value);
        }
        catch (StatisticsException)
        {
            value = 0;
            return false;
        }
    }

    private static int[][] Members(int n, IReadOnlyList<int>? groups)
    {
        Check.AtLeast(n, 2, "The bootstrap");
        if (groups is null)
            return [.. Enumerable.Range(0, n).Select(row => new[] { row })];
        Check.SameLength(groups.Count, n);
        int[][] members = [.. Enumerable.Range(0, n).GroupBy(row => groups[row]).Select(rows => rows.ToArray())];
        return members.Length > 1
            ? members
            : throw new StatisticsException(
                $"The bootstrap needs at least 2 groups (patients); all {n} rows are of one."
            );
    }

    private static double Quantile(double[] sorted, double p)
    {
        var at = p * (sorted.Length - 1);
        var below = (int)at;
        var above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + ((at - below) * (sorted[above] - sorted[below]));
    }
}
