using Histonic.Learning.Encoders.Training.Data;

namespace Histonic.Learning.Encoders.Training.Objectives.Contrastive;

/// <summary>Two views to be compared.</summary>
/// <param name="First">One.</param>
/// <param name="Second">The other.</param>
/// <param name="Same">Whether both show the same place.</param>
internal readonly record struct PlannedPair(PlannedPatch First, PlannedPatch Second, bool Same);
