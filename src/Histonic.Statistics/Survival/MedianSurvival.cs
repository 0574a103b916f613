namespace Histonic.Statistics.Survival;

/// <summary>The median survival time with its interval, in the times' unit. Null: the curve, or an end of its interval, never falls to one half.</summary>
/// <param name="Value">The earliest time at which survival is one half or less.</param>
/// <param name="Low">The same of the lower ends of the curve's pointwise intervals (Brookmeyer and Crowley, Biometrics 1982; 38:29-41).</param>
/// <param name="High">The same of the upper ends.</param>
public readonly record struct MedianSurvival(double? Value, double? Low, double? High);
