namespace Histonic.Learning.Encoders.Training.Data;

/// <summary>Patches ready to be trained on.</summary>
/// <param name="Rgb">n × P × P × 3 bytes, the patches of one task after those of another.</param>
/// <param name="Counts">How many patches belong to each task.</param>
/// <param name="Classes">The class of each patch.</param>
internal sealed record TrainingBatch(byte[] Rgb, IReadOnlyList<int> Counts, long[] Classes);
