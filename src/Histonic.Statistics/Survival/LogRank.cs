namespace Histonic.Statistics.Survival;

/// <summary>The log-rank test that two or more groups have the same survival (Mantel, Cancer Chemother Rep 1966; 50:163-70).</summary>
/// <param name="ChiSquare">The test statistic, 0 or more.</param>
/// <param name="DegreesOfFreedom">The groups with a patient at risk at some event, less one.</param>
/// <param name="PValue">The probability of such a statistic or a larger one if the groups do not differ, in [0, 1].</param>
/// <param name="Groups">Observed and expected events, ascending by group number.</param>
public sealed record LogRank(double ChiSquare, int DegreesOfFreedom, double PValue, IReadOnlyList<LogRankGroup> Groups)
{
    /// <summary>
    /// Tests the groups with the hypergeometric variance, as R's <c>survdiff</c> with rho = 0. O(n log n) for a given number
    /// of groups.
    /// </summary>
    /// <param name="times">Time to event or censoring, one a patient, 0 or more, in any one unit; equal times are ties.</param>
    /// <param name="events">Whether the event was seen, in the same order.</param>
    /// <param name="groups">The group of each patient, any numbers, in the same order.</param>
    /// <param name="strata">
    /// The stratum (site, say) of each patient, any numbers: only patients of one stratum are compared, and the strata's
    /// observed and expected events are added up (R: <c>strata()</c>); null: all are in one.
    /// </param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    /// <exception cref="StatisticsException">
    /// There is one group only, no event, or never two groups at risk together with someone left; or a time is negative or
    /// not finite.
    /// </exception>
    public static LogRank Test(
        ReadOnlySpan<double> times,
        ReadOnlySpan<bool> events,
        ReadOnlySpan<int> groups,
        IReadOnlyList<int>? strata = null
    )
    {
        Check.Survival(times, events);
        Check.SameLength(times.Length, groups.Length);
        int[] numbers = [.. groups.ToArray().Distinct().Order()];
        var k = numbers.Length;
        if (k < 2)
            throw new StatisticsException($"A log-rank test needs two groups; {times.Length} patients are in {k}.");
        if (!events.Contains(true))
            throw new StatisticsException(
                $"A log-rank test needs events, but all {times.Length} patients are censored."
            );

        var (observed, expected, variance) = Moments(
            times,
            events,
            [.. groups.ToArray().Select(Index)],
            k,
            Clusters.Number(times.Length, strata ?? new int[times.Length]).Of
        );
        // A group whose patients all left before the first event says nothing; of the rest, one follows from the others.
        int[] free = [.. Enumerable.Range(0, k).Where(a => expected[a] > 0).Skip(1)];
        var rest = new double[free.Length, free.Length];
        for (var a = 0; a < free.Length; a++)
        {
            for (var b = 0; b < free.Length; b++)
                rest[a, b] = variance[free[a], free[b]];
        }

        if (free.Length == 0 || SymmetricMatrix.Inverse(rest) is not { } inverse)
            throw new StatisticsException("A log-rank test needs events at times when two groups are at risk.");
        double[] excess = [.. free.Select(a => observed[a] - expected[a])];
        var chiSquare = SymmetricMatrix.Form(inverse, excess);
        var sizes = new int[k];
        foreach (var group in groups)
            sizes[Index(group)]++;
        return new(
            chiSquare,
            free.Length,
            Distributions.ChiSquareAbove(chiSquare, free.Length),
            [.. Enumerable.Range(0, k).Select(a => new LogRankGroup(numbers[a], sizes[a], observed[a], expected[a]))]
        );

        int Index(int group) => Array.BinarySearch(numbers, group);
    }

    /// <summary>Each group's events, those expected, and the covariance of their difference.</summary>
    private static (int[] Observed, double[] Expected, double[,] Variance) Moments(
        ReadOnlySpan<double> times,
        ReadOnlySpan<bool> events,
        int[] groups,
        int k,
        int[] strata
    )
    {
        var order = Ranks.Order(times);
        // stratum by stratum, in order of time within each
        order = [.. order.OrderBy(row => strata[row])];
        var atRisk = new int[k];
        var observed = new int[k];
        var expected = new double[k];
        var variance = new double[k, k];
        var n = 0.0;
        // Backwards in time, so that those at risk accumulate.
        for (var end = order.Length; end > 0; )
        {
            var start = end - 1;
            while (start > 0 && Together(order[start - 1], order[start], times))
                start--;
            if (end == order.Length || strata[order[end]] != strata[order[start]])
            {
                Array.Clear(atRisk);
                n = 0;
            }

            n += end - start;
            var died = 0;
            for (var i = start; i < end; i++)
            {
                atRisk[groups[order[i]]]++;
                if (!events[order[i]])
                    continue;
                observed[groups[order[i]]]++;
                died++;
            }

            for (var a = 0; a < k && died > 0; a++)
            {
                var share = atRisk[a] / n;
                expected[a] += died * share;
                for (var b = 0; b < k && n > 1; b++)
                    variance[a, b] += died * (n - died) / (n - 1) * share * ((a == b ? 1 : 0) - (atRisk[b] / n));
            }

            end = start;
        }

        return (observed, expected, variance);

        bool Together(int a, int b, ReadOnlySpan<double> times) => strata[a] == strata[b] && times[a] == times[b];
    }
}
