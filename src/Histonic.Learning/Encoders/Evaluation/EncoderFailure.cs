namespace Histonic.Learning.Encoders.Evaluation;

/// <summary>An encoder that could not be evaluated.</summary>
/// <param name="Source">The built-in name or the path it was given by.</param>
/// <param name="Reason">What is wrong, why, and what can be done.</param>
public sealed record EncoderFailure(string Source, string Reason);
