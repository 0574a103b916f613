namespace Histonic.Statistics.Survival;

/// <summary>One covariate of a Cox model. All values are finite.</summary>
/// <param name="Name">The covariate.</param>
/// <param name="Value">The coefficient β: the rise of the log hazard for a rise of the covariate by 1.</param>
/// <param name="StandardError">Its standard error, from the inverse of the information.</param>
/// <param name="HazardRatio">exp β with Wald's interval exp(β ± z · standard error).</param>
/// <param name="Z">β over its standard error.</param>
/// <param name="PValue">Wald's two-sided p value that β is 0, in [0, 1].</param>
public readonly record struct CoxCoefficient(
    string Name,
    double Value,
    double StandardError,
    Estimate HazardRatio,
    double Z,
    double PValue
);
