using Histonic.Statistics;

namespace Histonic.Learning.Encoders.Evaluation;

/// <summary>By how much one encoder's AUC on the test patches is above another's.</summary>
/// <param name="Task">The task's name.</param>
/// <param name="Method">The method.</param>
/// <param name="Encoder">The label of the first encoder.</param>
/// <param name="Minus">The label of the one it is compared with.</param>
/// <param name="Difference">
/// The AUC of the first minus that of the other, each the mean over the repeats; the interval resamples patients or slides, the same ones for both.
/// </param>
public sealed record AucDifference(string Task, ProbeMethod Method, string Encoder, string Minus, Estimate Difference);
