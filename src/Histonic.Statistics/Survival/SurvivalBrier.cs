namespace Histonic.Statistics.Survival;

/// <summary>
/// The Brier score of predicted survival curves under censoring (Graf et al., Stat Med 1999; 18:2529-45): at a horizon t,
/// the mean of S(t)²/G(T−) over those with the event up to t, (1 − S(t))²/G(t) over those alive beyond it, and 0 for those
/// censored before, G the probability of not being censored by Kaplan-Meier from the same rows. The figures are those of R's
/// <c>pec</c> with marginal weights and, but where events and censorings have the same time, of scikit-survival.
/// </summary>
public static class SurvivalBrier
{
    /// <summary>The score at one horizon.</summary>
    /// <param name="times">Time to event or censoring, one a patient, 0 or more, in any one unit.</param>
    /// <param name="events">Whether the event was seen, in the same order.</param>
    /// <param name="survival">The predicted probability of living beyond the horizon, in [0, 1], in the same order.</param>
    /// <param name="horizon">The horizon, in the times' unit.</param>
    /// <returns>0 or more; 0 is perfect, 0.25 what always saying one half gives without censoring.</returns>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    /// <exception cref="StatisticsException">There are no patients, nobody was observed as long as the horizon, or a number is not finite or in [0, 1].</exception>
    public static double At(
        ReadOnlySpan<double> times,
        ReadOnlySpan<bool> events,
        ReadOnlySpan<double> survival,
        double horizon
    )
    {
        Validate(times, events, survival, horizon);
        var censoring = CensoringCurve.Fit(times, events);
        return Score(times, survival, horizon, Weights(times, events, censoring), censoring.At(horizon));
    }

    /// <summary>
    /// The integrated score: the area under the scores at the horizons by the trapezium rule, over its width
    /// (scikit-survival: <c>integrated_brier_score</c>). The more horizons, the nearer the integral; R's <c>pec</c> adds up
    /// rectangles instead.
    /// </summary>
    /// <param name="times">Time to event or censoring, one a patient, 0 or more, in any one unit.</param>
    /// <param name="events">Whether the event was seen, in the same order.</param>
    /// <param name="survival">For each horizon the predicted probabilities of living beyond it, one a patient.</param>
    /// <param name="horizons">The horizons, strictly ascending, at least 2.</param>
    /// <returns>0 or more; 0 is perfect.</returns>
    /// <exception cref="ArgumentException">The lengths differ, or the horizons do not ascend.</exception>
    /// <exception cref="StatisticsException">As in <see cref="At"/>.</exception>
    public static double Integrated(
        ReadOnlySpan<double> times,
        ReadOnlySpan<bool> events,
        IReadOnlyList<double[]> survival,
        ReadOnlySpan<double> horizons
    )
    {
        if (horizons.Length < 2)
            throw new ArgumentException("An integral needs two horizons.", nameof(horizons));
        Check.SameLength(survival.Count, horizons.Length);
        Check.Ascending(horizons);
        double area = 0,
            before = 0;
        CensoringCurve? censoring = null;
        double[] weights = [];
        for (var k = 0; k < horizons.Length; k++)
        {
            Validate(times, events, survival[k], horizons[k]);
            if (censoring is null)
            {
                censoring = CensoringCurve.Fit(times, events);
                weights = Weights(times, events, censoring);
            }

            var score = Score(times, survival[k], horizons[k], weights, censoring.At(horizons[k]));
            if (k > 0)
                area += (horizons[k] - horizons[k - 1]) * (before + score) / 2;
            before = score;
        }

        return area / (horizons[^1] - horizons[0]);
    }

    /// <summary>What each event's term weighs, whatever the horizon; 0 for those censored.</summary>
    private static double[] Weights(ReadOnlySpan<double> times, ReadOnlySpan<bool> events, CensoringCurve censoring)
    {
        var weights = new double[times.Length];
        for (var i = 0; i < weights.Length; i++)
            weights[i] = events[i] ? 1 / censoring.Before(times[i]) : 0;
        return weights;
    }

    private static double Score(
        ReadOnlySpan<double> times,
        ReadOnlySpan<double> survival,
        double horizon,
        double[] weights,
        double beyond
    )
    {
        var sum = 0.0;
        for (var i = 0; i < times.Length; i++)
            sum +=
                times[i] > horizon
                    ? (1 - survival[i]) * (1 - survival[i]) / beyond
                    : weights[i] * survival[i] * survival[i];
        return sum / times.Length;
    }

    private static void Validate(
        ReadOnlySpan<double> times,
        ReadOnlySpan<bool> events,
        ReadOnlySpan<double> survival,
        double horizon
    )
    {
        Check.Survival(times, events);
        Check.SameLength(times.Length, survival.Length);
        Check.AtLeast(times.Length, 1, "The Brier score");
        var last = 0.0;
        for (var i = 0; i < times.Length; i++)
        {
            last = Math.Max(last, times[i]);
            if (survival[i] is not (>= 0 and <= 1))
                throw new StatisticsException(
                    FormattableString.Invariant(
                        $"survival: row {i} (counted from 0) is {survival[i]}, not a probability from 0 to 1."
                    )
                );
        }

        if (!(horizon <= last))
            throw new StatisticsException(
                FormattableString.Invariant(
                    $"The Brier score at time {horizon} is unknown: the last patient was seen at {last}."
                )
            );
    }
}
