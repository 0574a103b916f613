namespace Histonic.Statistics.Survival;

/// <summary>How a Cox model is fitted.</summary>
public sealed record CoxOptions
{
    /// <summary>Gets how events at equal times are treated.</summary>
    public CoxTies Ties { get; init; } = CoxTies.Efron;

    /// <summary>Gets the coverage of the intervals, in (0, 1).</summary>
    public double Level { get; init; } = 0.95;

    /// <summary>Gets the stratum of each patient, any numbers: each has a baseline hazard of its own; null: all are in one.</summary>
    public IReadOnlyList<int>? Strata { get; init; }

    /// <summary>Gets the covariates' names, for the result and for errors; null: "covariate 0" and so on.</summary>
    public IReadOnlyList<string>? Names { get; init; }
}
