namespace Histonic.Learning.Encoders.Training.Data;

/// <summary>A view of a patch that a batch shall hold.</summary>
/// <param name="Sample">The patch.</param>
/// <param name="Place">The seed of the place in the patch.</param>
/// <param name="Change">The seed of its changes.</param>
internal readonly record struct PlannedPatch(PatchSample Sample, int Place, int Change);
