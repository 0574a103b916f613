namespace Histonic.Statistics;

/// <summary>A statistic with its confidence interval. All four are finite; Low ≤ High, both in the statistic's own unit.</summary>
/// <param name="Value">The statistic on the data as they are. A percentile interval may, rarely, not contain it.</param>
/// <param name="Low">The lower end of the interval.</param>
/// <param name="High">The upper end of the interval.</param>
/// <param name="N">How many observations (rows) the value rests on, at least 1.</param>
public readonly record struct Estimate(double Value, double Low, double High, int N);
