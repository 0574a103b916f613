namespace Histonic.Statistics.Classification;

/// <summary>
/// Cox's recalibration line (Biometrika 1958; 45:562-5): the logistic regression log odds = intercept + slope ·
/// logit(predicted), as R's <c>glm(y ~ qlogis(p), binomial)</c>, with Wald's intervals. A perfect predictor has intercept 0
/// and slope 1; a slope below 1 tells of probabilities that are too extreme (over-fitting).
/// </summary>
/// <param name="Intercept">The intercept, in log odds.</param>
/// <param name="Slope">The slope.</param>
public sealed record CalibrationLine(Estimate Intercept, Estimate Slope)
{
    /// <summary>Fits the line.</summary>
    /// <param name="probabilities">The predicted probability of being positive, inside (0, 1).</param>
    /// <param name="positives">Whether the row is positive, in the same order.</param>
    /// <param name="level">The coverage of the intervals, in (0, 1).</param>
    /// <exception cref="ArgumentException">The lengths differ, or the level is not in (0, 1).</exception>
    /// <exception cref="StatisticsException">
    /// One class is missing; a probability is 0, 1 or outside, where there is no logit; all are the same; or a threshold
    /// parts the classes perfectly, so that the slope has no finite estimate (separation).
    /// </exception>
    public static CalibrationLine Fit(
        ReadOnlySpan<double> probabilities,
        ReadOnlySpan<bool> positives,
        double level = 0.95
    )
    {
        Check.Level(level);
        Check.SameLength(probabilities.Length, positives.Length);
        Check.Finite(probabilities);
        Check.BothClasses(positives, "A calibration line");
        var n = probabilities.Length;
        var logits = new double[n];
        double mean = 0,
            spread = 0;
        for (var i = 0; i < n; i++)
        {
            var p = probabilities[i];
            if (p is <= 0 or >= 1)
                throw new StatisticsException(
                    FormattableString.Invariant(
                        $"A calibration line needs probabilities between 0 and 1; row {i} (counted from 0) is {p}."
                    )
                );
            logits[i] = Math.Log(p) - Math.Log(1 - p);
            mean += logits[i] / n;
        }

        foreach (var logit in logits)
            spread += (logit - mean) * (logit - mean) / n;
        spread = Math.Sqrt(spread);
        const string Alike = "A calibration line needs probabilities that differ.";
        if (!(spread > 1e-12 * Math.Abs(mean)) || spread == 0)
            throw new StatisticsException(Alike);
        var truth = positives.ToArray();
        var fit = Newton.Maximise(
            2,
            (at, gradient, information) =>
            {
                Array.Clear(gradient);
                Array.Clear(information);
                var sum = 0.0;
                for (var i = 0; i < n; i++)
                {
                    var x = (logits[i] - mean) / spread;
                    var eta = at[0] + (at[1] * x);
                    // log(1 + exp(eta)) without overflow
                    var log = Math.Max(eta, 0) + Math.Log(1 + Math.Exp(-Math.Abs(eta)));
                    sum += (truth[i] ? eta : 0) - log;
                    var p = 1 / (1 + Math.Exp(-eta));
                    var rest = (truth[i] ? 1 : 0) - p;
                    gradient[0] += rest;
                    gradient[1] += rest * x;
                    var weight = p * (1 - p);
                    information[0, 0] += weight;
                    information[1, 1] += weight * x * x;
                    information[0, 1] = information[1, 0] += weight * x;
                }

                return sum;
            },
            Alike,
            _ =>
                "The calibration line has no finite slope: the probabilities part positives from negatives perfectly (separation)."
        );
        var slope = fit.Coefficients[1] / spread;
        var shift = mean / spread;
        var everything = (double.NegativeInfinity, double.PositiveInfinity);
        return new(
            Estimate.Normal(
                fit.Coefficients[0] - (fit.Coefficients[1] * shift),
                fit.Covariance[0, 0] - (2 * shift * fit.Covariance[0, 1]) + (shift * shift * fit.Covariance[1, 1]),
                n,
                level,
                everything
            ),
            Estimate.Normal(slope, fit.Covariance[1, 1] / (spread * spread), n, level, everything)
        );
    }
}
