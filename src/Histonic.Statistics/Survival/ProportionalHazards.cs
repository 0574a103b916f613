namespace Histonic.Statistics.Survival;

/// <summary>
/// The test of proportional hazards of Grambsch and Therneau (Biometrika 1994; 81:515-26): the score test that β + θ·g(t) has
/// θ = 0, as R's <c>survival::cox.zph</c> since version 3.0.
/// </summary>
/// <param name="Covariates">For each covariate, the test with 1 degree of freedom that its own effect does not drift.</param>
/// <param name="Together">The test that none does.</param>
public sealed record ProportionalHazards(IReadOnlyList<(string Name, TestResult Test)> Covariates, TestResult Together)
{
    /// <summary>Tests a fitted model.</summary>
    /// <param name="fit">The model.</param>
    /// <param name="scale">g.</param>
    /// <exception cref="StatisticsException">The events do not determine a drift: all happened at one time, say.</exception>
    public static ProportionalHazards Test(CoxRegression fit, TimeScale scale = TimeScale.KaplanMeier)
    {
        ArgumentNullException.ThrowIfNull(fit);
        var (times, events) = fit.Data.Outcome;
        var curve = scale == TimeScale.KaplanMeier ? KaplanMeier.Fit(times, events) : null;
        var p = fit.Names.Count;
        List<(double Time, int Events)> at = [];
        fit.Data.LogLikelihood(fit.ScaledCoefficients, (_, time, died, _, _, _) => at.Add((G(time), died)));
        var mean = at.Sum(point => point.Time * point.Events) / fit.Events;
        var spread = Math.Sqrt(at.Sum(point => (point.Time - mean) * (point.Time - mean) * point.Events) / fit.Events);
        if (!(spread > 0))
            throw new StatisticsException("A test of proportional hazards needs events at different times.");
        // gradient of θ, and the information of (β, θ); g is centred and scaled, which leaves the test as it is
        var drift = new double[p];
        var information = new double[2 * p, 2 * p];
        fit.Data.LogLikelihood(
            fit.ScaledCoefficients,
            (_, time, _, u, v, _) =>
            {
                var g = (G(time) - mean) / spread;
                for (var j = 0; j < p; j++)
                {
                    drift[j] += g * u[j];
                    for (var k = 0; k < p; k++)
                    {
                        information[j, k] += v[j, k];
                        information[j, p + k] += g * v[j, k];
                        information[p + j, k] += g * v[j, k];
                        information[p + j, p + k] += g * g * v[j, k];
                    }
                }
            }
        );
        return new([.. Enumerable.Range(0, p).Select(j => (fit.Names[j], Of([j])))], Of([.. Enumerable.Range(0, p)]));

        double G(double time) => curve is null ? time : 1 - curve.SurvivalBefore(time);

        TestResult Of(int[] drifting)
        {
            int[] kept = [.. Enumerable.Range(0, p), .. drifting.Select(j => p + j)];
            var part = new double[kept.Length, kept.Length];
            var gradient = new double[kept.Length];
            for (var a = 0; a < kept.Length; a++)
            {
                gradient[a] = kept[a] < p ? 0 : drift[kept[a] - p];
                for (var b = 0; b < kept.Length; b++)
                    part[a, b] = information[kept[a], kept[b]];
            }

            var inverse =
                SymmetricMatrix.Inverse(part)
                ?? throw new StatisticsException(
                    $"The events do not determine whether the effect of {string.Join(", ", drifting.Select(j => fit.Names[j]))} drifts."
                );
            return TestResult.Of(SymmetricMatrix.Form(inverse, gradient), drifting.Length);
        }
    }
}
