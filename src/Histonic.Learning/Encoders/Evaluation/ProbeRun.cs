namespace Histonic.Learning.Encoders.Evaluation;

/// <summary>What one run of a probe says.</summary>
/// <param name="Validation">The probabilities of the classes for the validation patches, N × K.</param>
/// <param name="Test">The same for the test patches.</param>
/// <param name="Chosen">What the validation patches chose: the epoch of the best weights, or the number of neighbours; null where nothing was chosen.</param>
internal sealed record ProbeRun(double[] Validation, double[] Test, int? Chosen);
