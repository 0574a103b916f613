using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Histonic.Learning.Encoders.Kernels;

/// <summary>
/// A 3 × 3 convolution of stride 2 by few products: squares of 3 × 3 outputs from 7 × 7 inputs with 49 products a pair of channels instead of 81.
/// </summary>
/// <remarks>
/// Along one axis, y[i] = k0 · d[2i] + k1 · d[2i + 1] + k2 · d[2i + 2], i = 0, 1, 2, splits into a filter (k0, k2) of stride 1 on the even inputs
/// e = d0, d2, d4, d6 and a factor k1 on the odd ones. The first needs 4 products instead of 6 (Winograd's F(3, 2), Arithmetic Complexity of
/// Computations, 1980; Lavin and Gray, arXiv 1509.09308):
/// m0 = k0 · (e0 − e2), m1 = (k0 + k2) / 2 · (e1 + e2), m2 = (k0 − k2) / 2 · (e2 − e1), m3 = k2 · (e3 − e1);
/// y0 = m0 + m1 + m2, y1 = m1 − m2, y2 = m1 + m2 + m3, each plus k1 times its odd input. In two dimensions the same along rows, then along columns.
/// Its constants are 1 and 1/2: the rounding errors stay near those of the definition.
/// </remarks>
[SkipLocalsInit]
internal sealed unsafe class WinogradLayer : IKernelLayer
{
    private const int Tile = 3;
    private const int Products = 7; // of an axis
    private const int Lanes = 16;

    /// <summary>Squares that are done at once: their inputs and products stay in the second cache.</summary>
    private const int Block = 5 * ProductKernel.Rows;

    /// <summary>Between the memory of two products, so that the 49 do not fall on the same few lines of the first cache.</summary>
    private const int Gap = Lanes;

    private const int Sums = (Block * ProductKernel.Columns) + Gap; // from the sums of a product to those of the next

    private readonly AlignedFloats _weights;
    private readonly AlignedFloats _bias;
    private readonly AlignedFloats _nothing = new(ProductKernel.Columns);
    private readonly int[] _offsets;
    private readonly float _slope;
    private readonly int _input; // padded channels
    private readonly int _inputSide;
    private readonly int _side;
    private readonly int _tiles; // along an axis

    /// <summary>Creates a layer.</summary>
    /// <param name="layer">A convolution of size 3 and stride 2.</param>
    /// <param name="channels">The input's channels, without padding.</param>
    /// <param name="side">Its side in pixels.</param>
    public WinogradLayer(ChainLayer layer, int channels, int side)
    {
        (_slope, _inputSide, _side) = (layer.Slope, side, layer.OutputSide(side));
        (_input, Channels) = (ProductKernel.Padded(channels), ProductKernel.Padded(layer.Bias.Length));
        _tiles = Tiles(_side);
        _offsets = [.. Enumerable.Range(0, channels)];
        _bias = new AlignedFloats(Channels);
        layer.Bias.CopyTo(new Span<float>(_bias.Pointer, Channels));
        _weights = new AlignedFloats((long)Products * Products * channels * Channels);
        Parallel.For(
            0,
            Products * Products,
            product =>
            {
                var (row, column) = Math.DivRem(product, Products);
                ProductKernel.Pack(
                    layer.Bias.Length,
                    channels,
                    (filter, channel) =>
                        Weight(layer.Kernel.AsSpan(((filter * channels) + channel) * 9, 9), row, column),
                    _weights.Pointer + ((nint)product * channels * Channels)
                );
            }
        );
    }

    /// <inheritdoc/>
    public int Channels { get; }

    /// <inheritdoc/>
    public int Outputs => _side * _side * Channels;

    /// <inheritdoc/>
    public long Scratch => (long)Products * Products * (Spreads + Sums);

    private int Spreads => (Block * _input) + Gap; // from the inputs of a product to those of the next

    /// <summary>Whether a layer has the form, and takes clearly fewer products this way.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="channels">The input's channels.</param>
    /// <param name="side">Its side in pixels.</param>
    public static bool Fits(ChainLayer layer, int channels, int side)
    {
        if (layer is not { Size: 3, Stride: 2 } || channels < Lanes || side < 3)
            return false;
        var (output, tiles) = (layer.OutputSide(side), Tiles(layer.OutputSide(side)));
        return tiles * tiles * Products * Products < 0.8 * output * output * 9;
    }

    /// <inheritdoc/>
    public void Run(float* input, int count, float* output, float* scratch)
    {
        var squares = count * _tiles * _tiles;
        var products = scratch + ((nint)Products * Products * Spreads);
        for (var first = 0; first < squares; first += Block)
        {
            var n = Math.Min(Block, squares - first);
            for (var i = 0; i < n; i++)
                Spread(input, first + i, scratch + ((nint)i * _input));
            for (var channel = 0; channel < Channels; channel += ProductKernel.Columns)
            {
                Multiply(scratch, n, channel, products);
                for (var i = 0; i < n; i++)
                    Gather(products + (i * ProductKernel.Columns), first + i, channel, output);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _weights.Dispose();
        _bias.Dispose();
        _nothing.Dispose();
    }

    private static int Tiles(int side) => (side + Tile - 1) / Tile;

    /// <summary>The factor of a product: the kernel's combination down, then across, computed in double precision.</summary>
    private static float Weight(ReadOnlySpan<float> kernel, int row, int column)
    {
        Span<double> down = stackalloc double[3];
        for (var i = 0; i < 3; i++)
            down[i] = Factor(row, kernel[i], kernel[3 + i], kernel[6 + i]);
        return (float)Factor(column, down[0], down[1], down[2]);
    }

    private static double Factor(int product, double k0, double k1, double k2) =>
        product switch
        {
            0 => k0,
            1 => (k0 + k2) / 2,
            2 => (k0 - k2) / 2,
            3 => k2,
            _ => k1,
        };

    /// <summary>The 49 combinations of a square's inputs; each goes to its own product.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)] // a slide is done before the compiler has looked twice
    private void Spread(float* input, int square, float* spread)
    {
        var (patch, place) = Math.DivRem(square, _tiles * _tiles);
        var (down, across) = Math.DivRem(place, _tiles);
        var pixels = stackalloc float*[Products * Products];
        for (var i = 0; i < Products * Products; i++)
        {
            // beyond the edge stand only outputs that nobody asked for
            var row = Math.Min((2 * Tile * down) + (i / Products), _inputSide - 1);
            var column = Math.Min((2 * Tile * across) + (i % Products), _inputSide - 1);
            pixels[i] = input + (((((nint)patch * _inputSide) + row) * _inputSide) + column) * _input;
        }

        var rows = stackalloc float[Products * Products * Lanes];
        for (var channel = 0; channel < _input; channel += Lanes)
        {
            for (var i = 0; i < Products; i++)
            {
                var d = pixels + (i * Products);
                Spread(
                    Vector512.LoadAligned(d[0] + channel),
                    Vector512.LoadAligned(d[1] + channel),
                    Vector512.LoadAligned(d[2] + channel),
                    Vector512.LoadAligned(d[3] + channel),
                    Vector512.LoadAligned(d[4] + channel),
                    Vector512.LoadAligned(d[5] + channel),
                    Vector512.LoadAligned(d[6] + channel),
                    rows + (i * Products * Lanes),
                    Lanes
                );
            }

            nint next = Spreads;
            for (var i = 0; i < Products; i++)
            {
                var d = rows + (i * Lanes);
                const int Down = Products * Lanes;
                Spread(
                    Vector512.Load(d),
                    Vector512.Load(d + Down),
                    Vector512.Load(d + (2 * Down)),
                    Vector512.Load(d + (3 * Down)),
                    Vector512.Load(d + (4 * Down)),
                    Vector512.Load(d + (5 * Down)),
                    Vector512.Load(d + (6 * Down)),
                    spread + (i * next) + channel,
                    Products * next
                );
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Spread(
        Vector512<float> d0,
        Vector512<float> d1,
        Vector512<float> d2,
        Vector512<float> d3,
        Vector512<float> d4,
        Vector512<float> d5,
        Vector512<float> d6,
        float* to,
        nint step
    )
    {
        (d0 - d4).Store(to);
        (d2 + d4).Store(to + step);
        (d4 - d2).Store(to + (2 * step));
        (d6 - d2).Store(to + (3 * step));
        d1.Store(to + (4 * step));
        d3.Store(to + (5 * step));
        d5.Store(to + (6 * step));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)] // a slide is done before the compiler has looked twice
    private void Multiply(float* spread, int squares, int channel, float* products)
    {
        var x = stackalloc float*[ProductKernel.Rows];
        fixed (int* offsets = _offsets)
        {
            for (var product = 0; product < Products * Products; product++)
            {
                var inputs = spread + ((nint)product * Spreads);
                var weights = _weights.Pointer + ((nint)_offsets.Length * ((product * Channels) + channel));
                var outputs = products + ((nint)product * Sums);
                for (var first = 0; first < squares; first += ProductKernel.Rows)
                {
                    for (var i = 0; i < ProductKernel.Rows; i++)
                        x[i] = inputs + ((nint)Math.Min(first + i, squares - 1) * _input);
                    ProductKernel.Run(
                        x,
                        offsets,
                        _offsets.Length,
                        weights,
                        _nothing.Pointer,
                        1,
                        outputs + ((nint)first * ProductKernel.Columns),
                        ProductKernel.Columns
                    );
                }
            }
        }
    }

    /// <summary>A square's outputs from its 49 products, with bias and activation.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)] // a slide is done before the compiler has looked twice
    private void Gather(float* products, int square, int first, float* output)
    {
        var (patch, place) = Math.DivRem(square, _tiles * _tiles);
        var (down, across) = Math.DivRem(place, _tiles);
        var (height, width) = (Math.Min(Tile, _side - (Tile * down)), Math.Min(Tile, _side - (Tile * across)));
        var corner = output + (((((nint)patch * _side) + (Tile * down)) * _side) + (Tile * across)) * Channels + first;
        var factor = Vector512.Create(_slope);
        var columns = stackalloc float[Tile * Products * Lanes];
        for (var channel = 0; channel < ProductKernel.Columns; channel += Lanes)
        {
            for (var i = 0; i < Products; i++)
            {
                var (y0, y1, y2) = Gather(products + (i * Sums) + channel, Products * Sums);
                y0.Store(columns + (i * Lanes));
                y1.Store(columns + ((Products + i) * Lanes));
                y2.Store(columns + (((2 * Products) + i) * Lanes));
            }

            var bias = Vector512.LoadAligned(_bias.Pointer + first + channel);
            for (var row = 0; row < height; row++)
            {
                var (y0, y1, y2) = Gather(columns + (row * Products * Lanes), Lanes);
                var to = corner + ((nint)row * _side * Channels) + channel;
                Activated(y0 + bias, factor).StoreAligned(to);
                if (width > 1)
                    Activated(y1 + bias, factor).StoreAligned(to + Channels);
                if (width > 2)
                    Activated(y2 + bias, factor).StoreAligned(to + (2 * Channels));
            }
        }
    }

    private static Vector512<float> Activated(Vector512<float> sum, Vector512<float> slope) =>
        Vector512.MaxNative(sum, sum * slope);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector512<float> First, Vector512<float> Second, Vector512<float> Third) Gather(
        float* products,
        nint step
    )
    {
        var (m1, m2) = (Vector512.Load(products + step), Vector512.Load(products + (2 * step)));
        var sum = m1 + m2;
        return (
            Vector512.Load(products) + sum + Vector512.Load(products + (4 * step)),
            m1 - m2 + Vector512.Load(products + (5 * step)),
            sum + Vector512.Load(products + (3 * step)) + Vector512.Load(products + (6 * step))
        );
    }
}
