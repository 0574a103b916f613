namespace Histonic.Learning.Encoders.Kernels;

/// <summary>A layer that is ready to run. Numbers lie patch by patch, row by row, pixel by pixel, channels last and padded to <see cref="ProductKernel.Columns"/>.</summary>
internal unsafe interface IKernelLayer : IDisposable
{
    /// <summary>Gets the numbers that a patch has behind this layer, padding included.</summary>
    int Outputs { get; }

    /// <summary>Gets the channels of a pixel, padding included.</summary>
    int Channels { get; }

    /// <summary>Gets the numbers that are needed beside input and output, whatever the number of patches.</summary>
    long Scratch { get; }

    /// <summary>Computes the layer. May run on several threads at once, each with memory of its own.</summary>
    /// <param name="input">What the layer before gave.</param>
    /// <param name="count">The number of patches.</param>
    /// <param name="output">Receives count × <see cref="Outputs"/> numbers, aligned, with room for <see cref="ProductKernel.Rows"/> more pixels.</param>
    /// <param name="scratch">Memory for <see cref="Scratch"/> numbers, aligned.</param>
    void Run(float* input, int count, float* output, float* scratch);
}
