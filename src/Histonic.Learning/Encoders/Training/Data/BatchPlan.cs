namespace Histonic.Learning.Encoders.Training.Data;

/// <summary>What a batch shall hold.</summary>
/// <param name="Patches">The views, in order.</param>
/// <param name="Counts">Multitask: how many belong to each task, the patches of one task after those of another. Otherwise one number, their count.</param>
/// <param name="Labels">Multitask: the class of each patch. Contrastive: 1 for a pair of the same place, 0 for another. Otherwise empty.</param>
internal sealed record BatchPlan(IReadOnlyList<PlannedPatch> Patches, IReadOnlyList<int> Counts, long[] Labels);
