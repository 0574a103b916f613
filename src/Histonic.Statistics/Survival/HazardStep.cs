namespace Histonic.Statistics.Survival;

/// <summary>One step of a cumulative baseline hazard. It is constant from here until the next; before the first it is 0.</summary>
/// <param name="Stratum">The stratum, as given; 0 without strata.</param>
/// <param name="Time">A time of events, in the times' unit.</param>
/// <param name="CumulativeHazard">The cumulative hazard of a patient whose covariates are all 0, 0 or more.</param>
public readonly record struct HazardStep(int Stratum, double Time, double CumulativeHazard);
