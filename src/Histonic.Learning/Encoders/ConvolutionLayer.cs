namespace Histonic.Learning.Encoders;

/// <summary>A convolution without padding, then LeakyReLU, then batch normalisation (in this order: papers.md 1.2).</summary>
/// <param name="Filters">The number O of filters.</param>
/// <param name="Inputs">The number I of channels that come in.</param>
/// <param name="KernelSize">The side of the kernel. The papers: 3.</param>
/// <param name="Stride">The step. The papers: 2.</param>
/// <param name="Kernel">O × I × height × width numbers, as PyTorch and ONNX keep them.</param>
/// <param name="Bias">O numbers.</param>
/// <param name="Norm">The batch normalisation of its O outputs; null when there is none.</param>
public sealed record ConvolutionLayer(
    int Filters,
    int Inputs,
    int KernelSize,
    int Stride,
    float[] Kernel,
    float[] Bias,
    BatchNorm? Norm
)
{
    /// <summary>The side of what comes out of a square of the given side.</summary>
    public int Side(int side) => ((side - KernelSize) / Stride) + 1;
}
