using Histonic.Statistics;

namespace Histonic.Reports.Encoders;

/// <summary>By how much the first encoder's AUC is above another's on the same test patches.</summary>
/// <param name="Other">The other encoder's label.</param>
/// <param name="Task">The task's name.</param>
/// <param name="Method">How classes are told from embeddings.</param>
/// <param name="Difference">The difference with its 95 % interval.</param>
public sealed record EncoderDifference(string Other, string Task, string Method, Estimate Difference);
