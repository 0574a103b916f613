using System.Runtime.CompilerServices;

namespace Histonic.Learning.Encoders.Kernels;

/// <summary>
/// A layer by its definition: every output pixel is a row of inputs, gathered where they lie, times the weights. Serves convolutions of any size and
/// stride, and dense layers, which are convolutions with one output pixel.
/// </summary>
internal sealed unsafe class GatheredLayer : IKernelLayer
{
    private readonly AlignedFloats _weights;
    private readonly AlignedFloats _bias;
    private readonly int[] _offsets;
    private readonly float _slope;
    private readonly int _inputs; // of a patch
    private readonly int _side;
    private readonly int _down; // from an output row to the next, among the inputs
    private readonly int _across;

    private GatheredLayer(
        ChainLayer layer,
        int[] offsets,
        Func<int, int, float> weight,
        int inputs,
        int side,
        (int Down, int Across) step
    )
    {
        (_offsets, _slope, _inputs, _side) = (offsets, layer.Slope, inputs, side);
        (_down, _across) = step;
        Channels = ProductKernel.Padded(layer.Bias.Length);
        _weights = new AlignedFloats((long)Channels * offsets.Length);
        _bias = new AlignedFloats(Channels);
        layer.Bias.CopyTo(new Span<float>(_bias.Pointer, Channels));
        ProductKernel.Pack(layer.Bias.Length, offsets.Length, weight, _weights.Pointer);
    }

    /// <inheritdoc/>
    public int Channels { get; }

    /// <inheritdoc/>
    public int Outputs => _side * _side * Channels;

    /// <inheritdoc/>
    public long Scratch => 0;

    /// <summary>A convolution of planes: the first, whose input has one plane a colour.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="channels">The planes.</param>
    /// <param name="side">Their side in pixels.</param>
    public static GatheredLayer OfPlanes(ChainLayer layer, int channels, int side) =>
        Convolution(layer, channels, side, pixel: 1, plane: side * side, channels * side * side);

    /// <summary>A convolution of what another layer gave.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="channels">The input's channels, without padding.</param>
    /// <param name="side">Its side in pixels.</param>
    public static GatheredLayer OfPixels(ChainLayer layer, int channels, int side)
    {
        var pixel = ProductKernel.Padded(channels);
        return Convolution(layer, channels, side, pixel, plane: 1, pixel * side * side);
    }

    /// <summary>A dense layer; its weights are in the order channel, pixel, its inputs in the order pixel, channel.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="channels">The input's channels, without padding.</param>
    /// <param name="pixels">Its pixels.</param>
    public static GatheredLayer Dense(ChainLayer layer, int channels, int pixels)
    {
        var padded = ProductKernel.Padded(channels);
        var offsets = new int[channels * pixels];
        for (var k = 0; k < offsets.Length; k++)
            offsets[k] = (k / channels * padded) + (k % channels);
        return new GatheredLayer(
            layer,
            offsets,
            (output, k) => layer.Kernel[(output * offsets.Length) + (k % channels * pixels) + (k / channels)],
            padded * pixels,
            1,
            (0, 0)
        );
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)] // a slide is done before the compiler has looked twice
    public void Run(float* input, int count, float* output, float* scratch)
    {
        var rows = count * _side * _side;
        var x = stackalloc float*[ProductKernel.Rows];
        fixed (int* offsets = _offsets)
        {
            for (var row = 0; row < rows; row += ProductKernel.Rows)
            {
                for (var i = 0; i < ProductKernel.Rows; i++)
                {
                    var (patch, pixel) = Math.DivRem(Math.Min(row + i, rows - 1), _side * _side);
                    var (down, across) = Math.DivRem(pixel, _side);
                    x[i] = input + ((nint)patch * _inputs) + (down * _down) + (across * _across);
                }

                for (var first = 0; first < Channels; first += ProductKernel.Columns)
                {
                    ProductKernel.Run(
                        x,
                        offsets,
                        _offsets.Length,
                        _weights.Pointer + ((nint)first * _offsets.Length),
                        _bias.Pointer + first,
                        _slope,
                        output + ((nint)row * Channels) + first,
                        Channels
                    );
                }
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _weights.Dispose();
        _bias.Dispose();
    }

    private static GatheredLayer Convolution(ChainLayer layer, int channels, int side, int pixel, int plane, int inputs)
    {
        var area = layer.Size * layer.Size;
        var offsets = new int[area * channels];
        for (var k = 0; k < offsets.Length; k++)
        {
            var (down, across) = Math.DivRem(k / channels, layer.Size);
            offsets[k] = (((down * side) + across) * pixel) + (k % channels * plane);
        }

        return new GatheredLayer(
            layer,
            offsets,
            (filter, k) => layer.Kernel[(((filter * channels) + (k % channels)) * area) + (k / channels)],
            inputs,
            layer.OutputSide(side),
            (layer.Stride * side * pixel, layer.Stride * pixel)
        );
    }
}
