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
        var (values, drawn) = Draw(n, seed, [statistic], resamples, groups, level);
        return Interval(values[0], drawn[0], n, level);
    }

    /// <summary>
    /// The paired bootstrap of the difference of two statistics of the same rows (two models on one test set): both are
    /// computed on every resample, so what they have in common falls out of the difference.
    /// </summary>
    /// <remarks>
    /// The p value is two-sided by inversion of the percentile interval: twice the smaller share of resamples on either side
    /// of 0, one added above and below the line so that it is never 0; at most 1. With few patients it errs towards small
    /// values, as the percentile interval towards short ones; for two-class scores <c>DeLong.Compare</c>, and for any score
    /// <c>PermutationTest.Swaps</c>, are sharper. Resamples on which either is not determined are drawn again, as in
    /// <see cref="Percentile"/>.
    /// </remarks>
    /// <param name="n">The number of rows, at least 2.</param>
    /// <param name="seed">Any number.</param>
    /// <param name="first">The first statistic.</param>
    /// <param name="second">The second, of the same rows.</param>
    /// <param name="resamples">How many resamples, at least 100.</param>
    /// <param name="groups">The group (patient) of each row, any numbers, in row order; null: each row is its own.</param>
    /// <param name="level">The coverage aimed at, in (0, 1).</param>
    /// <exception cref="ArgumentException">The groups are not n, the level is not in (0, 1) or there are fewer than 100 resamples.</exception>
    /// <exception cref="StatisticsException">As in <see cref="Percentile"/>.</exception>
    public static PairedComparison Difference(
        int n,
        int seed,
        ResampledStatistic first,
        ResampledStatistic second,
        int resamples = 2000,
        IReadOnlyList<int>? groups = null,
        double level = 0.95
    )
    {
        var (values, drawn) = Draw(n, seed, [first, second], resamples, groups, level);
        var differences = new double[resamples];
        int atMost = 0,
            atLeast = 0;
        for (var i = 0; i < resamples; i++)
        {
            differences[i] = drawn[0][i] - drawn[1][i];
            atMost += differences[i] <= 0 ? 1 : 0;
            atLeast += differences[i] >= 0 ? 1 : 0;
        }

        return new(
            Interval(values[0], drawn[0], n, level),
            Interval(values[1], drawn[1], n, level),
            Interval(values[0] - values[1], differences, n, level),
            Math.Min(1, 2.0 * (Math.Min(atMost, atLeast) + 1) / (resamples + 1))
        );
    }

    private static Estimate Interval(double value, double[] drawn, int n, double level)
    {
        Array.Sort(drawn);
        return new(value, Quantiles.Of(drawn, (1 - level) / 2), Quantiles.Of(drawn, (1 + level) / 2), n);
    }

    /// <summary>Each statistic on the data and on resamples on which all of them are determined.</summary>
    private static (double[] Values, double[][] Drawn) Draw(
        int n,
        int seed,
        ResampledStatistic[] statistics,
        int resamples,
        IReadOnlyList<int>? groups,
        double level
    )
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(resamples, 100);
        Check.Level(level);
        var members = Members(n, groups);
        var all = new int[n];
        for (var i = 0; i < n; i++)
            all[i] = i;
        var values = new double[statistics.Length];
        for (var k = 0; k < values.Length; k++)
        {
            values[k] = statistics[k](all);
            if (!double.IsFinite(values[k]))
                throw new StatisticsException("The statistic is not a finite number on these rows.");
        }

        var random = new Random(seed);
        double[][] drawn = [.. statistics.Select(_ => new double[resamples])];
        var rows = new List<int>(n);
        var failures = 0;
        for (var done = 0; done < resamples; )
        {
            rows.Clear();
            for (var i = 0; i < members.Length; i++)
                rows.AddRange(members[random.Next(members.Length)]);
            var resample = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(rows);
            var determined = 0;
            while (determined < statistics.Length && Try(statistics[determined], resample, out drawn[determined][done]))
                determined++;
            if (determined == statistics.Length)
                done++;
            else if (++failures > 9 * resamples)
                throw new StatisticsException(
                    $"The statistic cannot be computed on most resamples of these {n} rows in {members.Length} groups: "
                        + "too few of one kind."
                );
        }

        return (values, drawn);
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
}
