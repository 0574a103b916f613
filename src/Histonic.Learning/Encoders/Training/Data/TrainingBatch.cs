namespace Histonic.Learning.Encoders.Training.Data;

/// <summary>Views ready to be trained on.</summary>
/// <param name="Pixels">n × S × S × 3 floats, RGB in [-1, 1].</param>
/// <param name="Plan">What they are.</param>
internal sealed record TrainingBatch(float[] Pixels, BatchPlan Plan);
