namespace Histonic.Learning.Encoders;

/// <summary>The last layer: a linear map from the flattened convolution outputs to the embedding.</summary>
/// <param name="Kernel">C × (H · W · D) numbers; the inputs in the order row, column, channel, as Keras flattens.</param>
/// <param name="Bias">C numbers.</param>
public sealed record DenseLayer(float[] Kernel, float[] Bias);
