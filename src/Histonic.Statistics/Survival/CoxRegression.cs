namespace Histonic.Statistics.Survival;

/// <summary>
/// The proportional hazards model of Cox (J R Stat Soc B 1972; 34:187-220): hazard = baseline(t) · exp(Σ β·x), fitted by the
/// partial likelihood. Figures are those of R's <c>survival::coxph</c>.
/// </summary>
public sealed class CoxRegression
{
    private readonly double[] _scaled;

    private CoxRegression(CoxData data, double[] scaled, IReadOnlyList<string> names)
    {
        Data = data;
        _scaled = scaled;
        Names = names;
    }

    /// <summary>The covariates with their hazard ratios, as given.</summary>
    public required IReadOnlyList<CoxCoefficient> Coefficients { get; init; }

    /// <summary>The log partial likelihood at β = 0.</summary>
    public required double NullLogLikelihood { get; init; }

    /// <summary>The log partial likelihood at the estimate; not below that at 0.</summary>
    public required double LogLikelihood { get; init; }

    /// <summary>The likelihood ratio test that all β are 0.</summary>
    public required TestResult LikelihoodRatio { get; init; }

    /// <summary>Wald's test that all β are 0.</summary>
    public required TestResult Wald { get; init; }

    /// <summary>The score test that all β are 0: with one binary covariate and no ties, the log-rank test.</summary>
    public required TestResult Score { get; init; }

    /// <summary>The covariance of the coefficients, in their order.</summary>
    public required double[,] Covariance { get; init; }

    /// <summary>The number of patients.</summary>
    public required int N { get; init; }

    /// <summary>The number of events.</summary>
    public required int Events { get; init; }

    /// <summary>How many steps of Newton's method it took.</summary>
    public required int Iterations { get; init; }

    /// <summary>
    /// The cumulative baseline hazard at covariates 0, strata and times ascending: Breslow's estimate Σ d / Σ exp(Σ β·x)
    /// over those at risk or, with Efron's ties, the estimate that goes with them (R: <c>basehaz(centered = FALSE)</c>).
    /// </summary>
    public required IReadOnlyList<HazardStep> BaselineHazard { get; init; }

    internal CoxData Data { get; }

    internal IReadOnlyList<string> Names { get; }

    internal double[] ScaledCoefficients => _scaled;

    /// <summary>Fits the model. O(n·(log n + p²)) a step.</summary>
    /// <param name="times">Time to event or censoring, one a patient, 0 or more, in any one unit; equal times are ties.</param>
    /// <param name="events">Whether the event was seen, in the same order.</param>
    /// <param name="covariates">One array a covariate, its values in the patients' order, finite; at least one.</param>
    /// <param name="options">How; null: Efron's ties, no strata, 95 % intervals.</param>
    /// <exception cref="ArgumentException">Lengths differ, there is no covariate, or the level is not in (0, 1).</exception>
    /// <exception cref="StatisticsException">
    /// There is no event, a number is not finite, a covariate is constant or follows from others, or the likelihood rises
    /// for ever with a coefficient (monotone likelihood, separation: Heinze and Schemper, Biometrics 2001; 57:114-9), so
    /// that it has no finite estimate; the message names the covariate.
    /// </exception>
    public static CoxRegression Fit(
        ReadOnlySpan<double> times,
        ReadOnlySpan<bool> events,
        IReadOnlyList<double[]> covariates,
        CoxOptions? options = null
    )
    {
        options ??= new CoxOptions();
        Check.Level(options.Level);
        Check.Survival(times, events);
        if (covariates.Count == 0)
            throw new ArgumentException("A Cox model needs a covariate.", nameof(covariates));
        var names = options.Names ?? [.. Enumerable.Range(0, covariates.Count).Select(j => $"covariate {j}")];
        Check.SameLength(names.Count, covariates.Count);
        for (var j = 0; j < covariates.Count; j++)
        {
            Check.SameLength(covariates[j].Length, times.Length);
            Check.Finite(covariates[j], names[j]);
        }

        var died = events.Count(true);
        if (died == 0)
            throw new StatisticsException($"A Cox model needs events, but all {times.Length} patients are censored.");
        int[] strata = [.. options.Strata ?? new int[times.Length]];
        Check.SameLength(strata.Length, times.Length);
        var data = new CoxData(
            times.ToArray(),
            events.ToArray(),
            covariates,
            strata,
            options.Ties == CoxTies.Efron,
            j => $"The Cox model cannot tell the effect of {names[j]}: it is the same for all {strata.Length} patients."
        );
        var p = covariates.Count;
        var fit = Newton.Maximise(
            p,
            (at, gradient, information) =>
            {
                Array.Clear(gradient);
                Array.Clear(information);
                return data.LogLikelihood(
                    at,
                    (_, _, _, u, i, _) =>
                    {
                        for (var j = 0; j < p; j++)
                        {
                            gradient[j] += u[j];
                            for (var k = 0; k < p; k++)
                                information[j, k] += i[j, k];
                        }
                    }
                );
            },
            $"The Cox model cannot tell the covariates' effects apart: among those at risk at an event, {string.Join(", ", names)} do not vary, or one follows from the others.",
            rising =>
                $"The Cox model has no finite hazard ratio for {string.Join(", ", rising.Select(j => names[j]))}: the likelihood rises for ever as the coefficient grows (separation)."
        );
        return Described(data, fit, names, options.Level, died);
    }

    /// <summary>The linear predictor Σ β·x.</summary>
    /// <param name="covariates">One value a covariate, in their order.</param>
    /// <exception cref="ArgumentException">There are not as many values as covariates.</exception>
    public double LinearPredictor(ReadOnlySpan<double> covariates)
    {
        Check.SameLength(covariates.Length, Coefficients.Count);
        var sum = 0.0;
        for (var j = 0; j < covariates.Length; j++)
            sum += Coefficients[j].Value * covariates[j];
        return sum;
    }

    /// <summary>The cumulative baseline hazard at a time, 0 or more; beyond the last event the last value.</summary>
    /// <param name="time">In the times' unit.</param>
    /// <param name="stratum">The stratum.</param>
    public double BaselineHazardAt(double time, int stratum = 0)
    {
        var hazard = 0.0;
        foreach (var step in BaselineHazard)
        {
            if (step.Stratum == stratum && step.Time <= time)
                hazard = step.CumulativeHazard;
        }

        return hazard;
    }

    /// <summary>The predicted probability of living beyond a time: exp(−H₀(t)·exp(Σ β·x)), in [0, 1].</summary>
    /// <param name="time">In the times' unit; beyond the last event the last value.</param>
    /// <param name="covariates">One value a covariate, in their order.</param>
    /// <param name="stratum">The patient's stratum.</param>
    /// <exception cref="ArgumentException">There are not as many values as covariates.</exception>
    public double Survival(double time, ReadOnlySpan<double> covariates, int stratum = 0)
    {
        var hazard = BaselineHazardAt(time, stratum);
        // exp may overflow where the hazard is 0
        return hazard == 0 ? 1 : Math.Exp(-Math.Exp(Math.Log(hazard) + LinearPredictor(covariates)));
    }

    private static CoxRegression Described(
        CoxData data,
        Newton.Result fit,
        IReadOnlyList<string> names,
        double level,
        int died
    )
    {
        var p = names.Count;
        var covariance = new double[p, p];
        for (var j = 0; j < p; j++)
        {
            for (var k = 0; k < p; k++)
                covariance[j, k] = fit.Covariance[j, k] / (data.Scales[j] * data.Scales[k]);
        }

        var z = Distributions.NormalQuantile((1 + level) / 2);
        var coefficients = new CoxCoefficient[p];
        for (var j = 0; j < p; j++)
        {
            var value = fit.Coefficients[j] / data.Scales[j];
            var error = Math.Sqrt(covariance[j, j]);
            coefficients[j] = new(
                names[j],
                value,
                error,
                new(Ratio(value), Ratio(value - (z * error)), Ratio(value + (z * error)), data.Rows),
                value / error,
                Distributions.NormalTwoSided(value / error)
            );
        }

        List<HazardStep> steps = [];
        var centre = 0.0;
        for (var j = 0; j < p; j++)
            centre += coefficients[j].Value * data.Means[j];
        // with the covariates centred, exp(Σ β·x) is too large by the factor exp(−Σ β·mean)
        data.LogLikelihood(
            fit.Coefficients,
            (stratum, time, _, _, _, hazard) => steps.Add(new(stratum, time, hazard * Math.Exp(-centre)))
        );
        HazardStep[] baseline = [.. steps.OrderBy(step => step.Stratum).ThenBy(step => step.Time)];
        for (var i = 1; i < baseline.Length; i++)
        {
            if (baseline[i].Stratum == baseline[i - 1].Stratum)
                baseline[i] = baseline[i] with
                {
                    CumulativeHazard = baseline[i].CumulativeHazard + baseline[i - 1].CumulativeHazard,
                };
        }

        var inverse = fit.Covariance;
        return new(data, fit.Coefficients, names)
        {
            Coefficients = coefficients,
            NullLogLikelihood = fit.Start,
            LogLikelihood = fit.End,
            LikelihoodRatio = TestResult.Of(Math.Max(0, 2 * (fit.End - fit.Start)), p),
            Wald = TestResult.Of(SymmetricMatrix.Form(SymmetricMatrix.Inverse(inverse)!, fit.Coefficients), p),
            Score = TestResult.Of(fit.Score, p),
            Covariance = covariance,
            N = data.Rows,
            Events = died,
            Iterations = fit.Steps,
            BaselineHazard = baseline,
        };
    }

    // a ratio stays a finite number, however far out the end of an interval lies
    private static double Ratio(double logarithm) => Math.Min(double.MaxValue, Math.Exp(logarithm));
}
