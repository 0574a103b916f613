namespace Histonic.Statistics.Classification;

/// <summary>One point of a reliability curve: rows of about the same predicted probability.</summary>
/// <param name="Predicted">Their mean predicted probability, in [0, 1].</param>
/// <param name="Observed">The share of them that is positive, with Wilson's interval and their number.</param>
public readonly record struct CalibrationBin(double Predicted, Estimate Observed);
