namespace Histonic.Statistics.Survival;

/// <summary>
/// The Kaplan-Meier estimate of a survival curve (J Am Stat Assoc 1958; 53:457-81) with pointwise intervals from
/// Greenwood's variance Σ d/(n(n − d)), on the scale asked for, as R's <c>survfit</c> (whose default is
/// <see cref="CurveScale.Log"/>).
/// </summary>
public sealed class KaplanMeier
{
    private KaplanMeier(IReadOnlyList<SurvivalStep> steps, int n, double level)
    {
        Steps = steps;
        N = n;
        Level = level;
    }

    /// <summary>Every distinct time, of events and of censorings alike, ascending. Before the first, survival is 1.</summary>
    public IReadOnlyList<SurvivalStep> Steps { get; }

    /// <summary>The number of patients, at least 1.</summary>
    public int N { get; }

    /// <summary>The level of the intervals, in (0, 1).</summary>
    public double Level { get; }

    /// <summary>
    /// The earliest time at which survival is one half or less (R's convention: where the curve lies at exactly one half
    /// for a while, the middle of that while); null if it never falls that low.
    /// </summary>
    public double? Median => FallsToHalf(step => step.Survival);

    /// <summary>The median with its interval, as R's <c>quantile(survfit(…), 0.5)</c>.</summary>
    public MedianSurvival MedianInterval => new(Median, FallsToHalf(step => step.Low), FallsToHalf(step => step.High));

    /// <summary>Estimates the curve. Only times that are exactly equal are tied; a censoring at the time of an event comes after it.</summary>
    /// <remarks>
    /// Where survival reaches 0, Greenwood's variance does not exist (R prints NA): there the interval is from 0 to the
    /// upper end of the step before, or 1 if there is none. Before the first event the interval is the point 1 (R prints NA
    /// for the scale log-log).
    /// </remarks>
    /// <param name="times">Time to event or censoring, one a patient, 0 or more, in any one unit.</param>
    /// <param name="events">Whether the event was seen, in the same order. All censored is allowed: survival stays 1.</param>
    /// <param name="level">The level of the pointwise intervals, in (0, 1).</param>
    /// <param name="scale">The scale on which the intervals are symmetric.</param>
    /// <exception cref="ArgumentException">The lengths differ or the level is not in (0, 1).</exception>
    /// <exception cref="StatisticsException">There are no patients, or a time is negative or not finite.</exception>
    public static KaplanMeier Fit(
        ReadOnlySpan<double> times,
        ReadOnlySpan<bool> events,
        double level = 0.95,
        CurveScale scale = CurveScale.Log
    )
    {
        Check.Level(level);
        Check.Survival(times, events);
        Check.AtLeast(times.Length, 1, "A survival curve");
        var z = Distributions.NormalQuantile((1 + level) / 2);
        var order = Ranks.Order(times);
        List<SurvivalStep> steps = [];
        double survival = 1,
            variance = 0,
            high = 1;
        for (var start = 0; start < order.Length; )
        {
            var time = times[order[start]];
            int end = start,
                died = 0;
            for (; end < order.Length && times[order[end]] == time; end++)
                died += events[order[end]] ? 1 : 0;
            var atRisk = order.Length - start;
            var (low, error) = (0.0, 0.0);
            if (died == atRisk)
            {
                survival = 0;
            }
            else
            {
                survival *= (atRisk - died) / (double)atRisk;
                variance += died / ((double)atRisk * (atRisk - died));
                error = survival * Math.Sqrt(variance);
                (low, high) = Ends(survival, Math.Sqrt(variance), z, scale);
            }

            steps.Add(new(time, atRisk, died, end - start - died, survival, low, high, error));
            start = end;
        }

        return new(steps, times.Length, level);
    }

    /// <summary>The estimated probability of living beyond a time, in [0, 1]; after the last time, the last value.</summary>
    /// <param name="time">In the times' unit.</param>
    public double SurvivalAt(double time)
    {
        var index = LastAtOrBefore(time);
        return index < 0 ? 1 : Steps[index].Survival;
    }

    /// <summary>The estimated probability of living up to a time (the curve from the left), in [0, 1].</summary>
    /// <param name="time">In the times' unit.</param>
    public double SurvivalBefore(double time)
    {
        var index = LastAtOrBefore(time);
        if (index >= 0 && Steps[index].Time == time)
            index--;
        return index < 0 ? 1 : Steps[index].Survival;
    }

    /// <summary>How many patients have this time or a later one: the number printed under a survival curve.</summary>
    /// <param name="time">In the times' unit.</param>
    public int AtRiskAt(double time)
    {
        var index = LastAtOrBefore(time);
        if (index >= 0 && Steps[index].Time == time)
            return Steps[index].AtRisk;
        return index + 1 < Steps.Count ? Steps[index + 1].AtRisk : 0;
    }

    /// <summary>
    /// The restricted mean survival time: the area under the curve up to a time, with the interval of its standard error
    /// √Σ (area from the event to the time)²·d/(n(n − d)), as R's <c>print(survfit(…), rmean=)</c>.
    /// </summary>
    /// <param name="until">The time, in (0, the last time observed], in the times' unit.</param>
    /// <returns>In [0, until], in the times' unit.</returns>
    /// <exception cref="StatisticsException">Nobody was observed that long, so the curve is unknown there; or the time is not positive.</exception>
    public Estimate RestrictedMean(double until)
    {
        if (!(until > 0))
            throw new StatisticsException(
                FormattableString.Invariant($"The mean survival up to {until} needs a time above 0.")
            );
        // beyond the last time the curve is known only where it has reached 0
        if (until > Steps[^1].Time && Steps[^1].Survival > 0)
            throw new StatisticsException(
                FormattableString.Invariant(
                    $"The mean survival up to {until} is unknown: the last patient was seen at {Steps[^1].Time}, alive."
                )
            );
        double right = 0,
            variance = 0,
            end = until;
        for (var i = LastAtOrBefore(until); i >= 0; i--)
        {
            var step = Steps[i];
            right += step.Survival * (end - step.Time);
            end = step.Time;
            if (step.AtRisk > step.Events)
                variance += right * right * step.Events / ((double)step.AtRisk * (step.AtRisk - step.Events));
        }

        return Estimate.Normal(right + end, variance, N, Level, (0, until));
    }

    private static (double Low, double High) Ends(double survival, double error, double z, CurveScale scale)
    {
        if (survival >= 1)
            return (1, 1);
        switch (scale)
        {
            case CurveScale.LogLog:
                var width = z * error / Math.Log(survival);
                return (Math.Pow(survival, Math.Exp(-width)), Math.Pow(survival, Math.Exp(width)));
            case CurveScale.Plain:
                return (Math.Max(0, survival * (1 - (z * error))), Math.Min(1, survival * (1 + (z * error))));
            default:
                return (survival * Math.Exp(-z * error), Math.Min(1, survival * Math.Exp(z * error)));
        }
    }

    private double? FallsToHalf(Func<SurvivalStep, double> curve)
    {
        // a product of shares that is one half on paper may miss it by rounding
        for (var i = 0; i < Steps.Count; i++)
        {
            var value = curve(Steps[i]);
            if (value > 0.5 + 1e-9)
                continue;
            if (value < 0.5 - 1e-9)
                return Steps[i].Time;
            for (var j = i + 1; j < Steps.Count; j++)
            {
                if (Steps[j].Events > 0)
                    return (Steps[i].Time + Steps[j].Time) / 2;
            }

            return Steps[i].Time;
        }

        return null;
    }

    private int LastAtOrBefore(double time)
    {
        int low = 0,
            high = Steps.Count;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (Steps[middle].Time <= time)
                low = middle + 1;
            else
                high = middle;
        }

        return low - 1;
    }
}
