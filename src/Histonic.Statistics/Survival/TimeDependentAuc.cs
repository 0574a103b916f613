namespace Histonic.Statistics.Survival;

/// <summary>
/// The cumulative/dynamic time-dependent AUC: of those with the event up to a horizon (cases) and those alive beyond it
/// (controls), the share of pairs in which the case has the higher risk, ties counting one half. Cases weigh by
/// 1 / G(T−), the inverse probability of not being censored before (Uno et al., J Am Stat Assoc 2007; 102:527-37; Hung and
/// Chiang, Can J Stat 2010; 38:8-26); those censored before the horizon count for neither. The figures are those of R's
/// <c>riskRegression::Score</c> and <c>timeROC</c> with marginal weights. O(n log n).
/// </summary>
/// <remarks>
/// G comes from the same rows, events before censorings at equal times. scikit-survival's
/// <c>cumulative_dynamic_auc</c> takes G at T, which differs only where an event and a censoring have the same time.
/// </remarks>
public static class TimeDependentAuc
{
    /// <summary>The area at one horizon.</summary>
    /// <param name="times">Time to event or censoring, one a patient, 0 or more, in any one unit.</param>
    /// <param name="events">Whether the event was seen, in the same order.</param>
    /// <param name="risks">The predicted risk: the higher, the sooner; finite; only the order counts.</param>
    /// <param name="horizon">The time that parts cases (up to and at it) from controls, in the times' unit.</param>
    /// <returns>A value in [0, 1]; 0.5 is chance.</returns>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    /// <exception cref="StatisticsException">There is no event up to the horizon, or nobody is known to be alive beyond it; or a number is not finite.</exception>
    public static double At(
        ReadOnlySpan<double> times,
        ReadOnlySpan<bool> events,
        ReadOnlySpan<double> risks,
        double horizon
    ) => Area(times, events, risks, horizon, influence: null);

    /// <summary>
    /// The area with its interval: value ± z times the standard error of the infinitesimal jackknife, with the factor
    /// n / (n − 1) and the weights taken as known (<c>riskRegression</c>'s <c>conservative = TRUE</c>), cut to [0, 1].
    /// </summary>
    /// <remarks>Where every pair agrees, or none does, the error is 0 and the interval the single point.</remarks>
    /// <param name="times">Time to event or censoring, one a patient, 0 or more, in any one unit.</param>
    /// <param name="events">Whether the event was seen, in the same order.</param>
    /// <param name="risks">The predicted risk: the higher, the sooner; finite; only the order counts.</param>
    /// <param name="horizon">The time that parts cases (up to and at it) from controls, in the times' unit.</param>
    /// <param name="level">The coverage aimed at, in (0, 1).</param>
    /// <param name="groups">The group (patient) of each row, any numbers, in row order; null: each row is its own.</param>
    /// <exception cref="ArgumentException">The lengths differ, or the level is not in (0, 1).</exception>
    /// <exception cref="StatisticsException">As in <see cref="At"/>; or all rows are of one group.</exception>
    public static Estimate Interval(
        ReadOnlySpan<double> times,
        ReadOnlySpan<bool> events,
        ReadOnlySpan<double> risks,
        double horizon,
        double level = 0.95,
        IReadOnlyList<int>? groups = null
    )
    {
        Check.Level(level);
        var influence = new double[times.Length];
        var area = Area(times, events, risks, horizon, influence);
        var (of, count) = Clusters.AtLeastTwo(times.Length, groups, "The interval of a time-dependent AUC");
        var sums = Clusters.Sums(influence, of, count);
        var correction = count / (count - 1.0);
        return Estimate.Normal(area, correction * Clusters.Product(sums, sums), times.Length, level, (0, 1));
    }

    /// <summary>
    /// The mean over horizons, each weighing by how far the Kaplan-Meier curve falls from the horizon before
    /// (Lambert and Chevret, Stat Methods Med Res 2016; 25:2088-102; scikit-survival's mean AUC).
    /// </summary>
    /// <param name="times">Time to event or censoring, one a patient, 0 or more, in any one unit.</param>
    /// <param name="events">Whether the event was seen, in the same order.</param>
    /// <param name="risks">The predicted risk, finite.</param>
    /// <param name="horizons">The horizons, strictly ascending, at least 1.</param>
    /// <returns>A value in [0, 1]; 0.5 is chance.</returns>
    /// <exception cref="ArgumentException">The lengths differ, or the horizons do not ascend.</exception>
    /// <exception cref="StatisticsException">An area is not determined at one of the horizons, or a number is not finite.</exception>
    public static double Mean(
        ReadOnlySpan<double> times,
        ReadOnlySpan<bool> events,
        ReadOnlySpan<double> risks,
        ReadOnlySpan<double> horizons
    )
    {
        Check.Ascending(horizons);
        var curve = KaplanMeier.Fit(times, events);
        double sum = 0,
            fallen = 0,
            before = 1;
        foreach (var horizon in horizons)
        {
            var survival = curve.SurvivalAt(horizon);
            sum += At(times, events, risks, horizon) * (before - survival);
            fallen += before - survival;
            before = survival;
        }

        return sum / fallen;
    }

    private static double Area(
        ReadOnlySpan<double> times,
        ReadOnlySpan<bool> events,
        ReadOnlySpan<double> risks,
        double horizon,
        double[]? influence
    )
    {
        Check.Survival(times, events);
        Check.SameLength(times.Length, risks.Length);
        Check.Finite(risks);
        var censoring = CensoringCurve.Fit(times, events);
        var order = Ranks.Order(risks);
        double weight = 0;
        var controls = 0;
        var weights = new double[times.Length];
        for (var i = 0; i < times.Length; i++)
        {
            if (times[i] > horizon)
                controls++;
            else if (events[i])
                weight += weights[i] = 1 / censoring.Before(times[i]);
        }

        if (weight == 0 || controls == 0)
            throw new StatisticsException(
                FormattableString.Invariant(
                    $"The AUC at time {horizon} needs an event up to then and a patient known to live longer; of {times.Length} patients, "
                ) + (weight == 0 ? "none had the event by then." : "none was seen beyond it.")
            );
        var agreement = new double[times.Length];
        double agreeing = 0,
            weightBelow = 0;
        var controlsBelow = 0;
        // Upwards in risk, the equal ones together.
        for (var start = 0; start < order.Length; )
        {
            int end = start,
                tiedControls = 0;
            var tiedWeight = 0.0;
            for (; end < order.Length && risks[order[end]] == risks[order[start]]; end++)
            {
                tiedWeight += weights[order[end]];
                tiedControls += times[order[end]] > horizon ? 1 : 0;
            }

            foreach (var row in order.AsSpan(start, end - start))
            {
                if (weights[row] > 0)
                    agreeing += agreement[row] = weights[row] * (controlsBelow + (tiedControls / 2.0));
                else if (times[row] > horizon)
                    agreement[row] = weight - weightBelow - (tiedWeight / 2);
            }

            weightBelow += tiedWeight;
            controlsBelow += tiedControls;
            start = end;
        }

        var pairs = weight * controls;
        var area = agreeing / pairs;
        for (var i = 0; i < times.Length && influence is not null; i++)
        {
            var own =
                weights[i] > 0 ? weights[i] * controls
                : times[i] > horizon ? weight
                : 0;
            influence[i] = (agreement[i] - (area * own)) / pairs;
        }

        return area;
    }
}
