namespace Histonic.Reports.Evaluation;

/// <summary>The range of a metric.</summary>
/// <param name="Low">Its least value.</param>
/// <param name="Chance">What guessing gives.</param>
/// <param name="High">Its best value.</param>
public readonly record struct MetricRange(double Low, double Chance, double High);
