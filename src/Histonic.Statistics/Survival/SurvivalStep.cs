namespace Histonic.Statistics.Survival;

/// <summary>One distinct time of a survival curve. The curve is constant from here until the next.</summary>
/// <param name="Time">In the times' unit.</param>
/// <param name="AtRisk">Patients with this time or a later one.</param>
/// <param name="Events">Events at this time.</param>
/// <param name="Censored">Patients censored at this time; they count as at risk here.</param>
/// <param name="Survival">The estimated probability of living beyond this time, in [0, 1].</param>
/// <param name="Low">The lower end of its pointwise confidence interval, in [0, 1].</param>
/// <param name="High">The upper end, in [0, 1].</param>
/// <param name="StandardError">Greenwood's standard error of Survival; 0 where Survival is 0 or 1.</param>
public readonly record struct SurvivalStep(
    double Time,
    int AtRisk,
    int Events,
    int Censored,
    double Survival,
    double Low,
    double High,
    double StandardError
);
