namespace Histonic.Statistics.Classification;

/// <summary>One point of a ROC curve: the rates when every score ≥ Threshold is called positive.</summary>
/// <param name="FalsePositiveRate">1 − specificity, in [0, 1].</param>
/// <param name="TruePositiveRate">Sensitivity, in [0, 1].</param>
/// <param name="Threshold">In the scores' unit; +∞ for the first point, where nothing is called positive.</param>
public readonly record struct RocPoint(double FalsePositiveRate, double TruePositiveRate, double Threshold);
