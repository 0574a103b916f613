namespace Histonic.Learning.Encoders.Kernels;

/// <summary>A layer of a <see cref="LayerChain"/>.</summary>
/// <param name="Kernel">Outputs × inputs × size × size; outputs × inputs for a dense layer.</param>
/// <param name="Bias">One a output.</param>
/// <param name="Size">The side of the kernel; 0 for a dense layer.</param>
/// <param name="Stride">The stride; 0 for a dense layer.</param>
/// <param name="Slope">Of the leaky ReLU behind it: 0 for ReLU, 1 for nothing.</param>
internal sealed record ChainLayer(float[] Kernel, float[] Bias, int Size, int Stride, float Slope)
{
    /// <summary>The side of what a convolution gives.</summary>
    /// <param name="side">The side of its input, at least the kernel's.</param>
    public int OutputSide(int side) => ((side - Size) / Stride) + 1;
}
