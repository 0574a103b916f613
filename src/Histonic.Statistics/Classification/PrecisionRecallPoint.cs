namespace Histonic.Statistics.Classification;

/// <summary>One point of a precision-recall curve: what calling every score at or above the threshold positive gives.</summary>
/// <param name="Recall">The share of the positives that are called positive, in [0, 1].</param>
/// <param name="Precision">The share of those called positive that are so, in [0, 1].</param>
/// <param name="Threshold">The score; positive infinity for the first point, where nothing is called.</param>
public readonly record struct PrecisionRecallPoint(double Recall, double Precision, double Threshold);
