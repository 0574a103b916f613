namespace Histonic.Learning.Encoders;

/// <summary>A dense layer: linear, and with a batch normalisation LeakyReLU and that normalisation after it.</summary>
/// <param name="Kernel">Outputs × inputs numbers; the first dense layer's inputs in the order row, column, channel, as Keras flattens.</param>
/// <param name="Bias">A number for each output.</param>
/// <param name="Norm">The batch normalisation after LeakyReLU, of a hidden layer; null for the last layer, which is linear.</param>
public sealed record DenseLayer(float[] Kernel, float[] Bias, BatchNorm? Norm = null);
