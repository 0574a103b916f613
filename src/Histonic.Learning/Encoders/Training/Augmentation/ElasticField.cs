using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Histonic.Learning.Encoders.Training.Augmentation;

/// <summary>The displacements of an elastic distortion (Simard et al. 2003): noise, uniform in ± 1, smoothed by a Gaussian, times α.</summary>
/// <remarks>
/// Noise in every pixel is more than a smooth field needs. Here it stands on a grid whose nodes lie about σ / 2.5 apart, and each pixel of a view
/// sums the nodes around it with Gaussian weights, first down, then across. The weights are scaled so that a displacement's standard
/// deviation is what noise in every pixel gives, α / √3 · 1 / (2 σ √π), and its correlation over a distance d, exp(−d² / 4σ²), is the same too.
/// </remarks>
internal static class ElasticField
{
    private const double NodesPerSigma = 2.25;
    private const double Reach = 4; // in σ; beyond it the Gaussian is nothing

    /// <summary>The length of a row of a field: a multiple of 8, so that rows can be written eight numbers at a time.</summary>
    public static int Stride(int side) => (side + 7) & ~7;

    /// <summary>Fills a field.</summary>
    /// <param name="random">Where the noise comes from.</param>
    /// <param name="alpha">The strength α, in pixels of the encoder's patch.</param>
    /// <param name="sigma">The smoothness σ, in pixels of the encoder's patch.</param>
    /// <param name="side">The side S of the view.</param>
    /// <param name="pool">How many pixels of the encoder's patch one of the view covers along a side.</param>
    /// <param name="buffers">Memory to work in.</param>
    /// <param name="field">Receives S rows of <see cref="Stride"/> numbers: displacements in pixels of the encoder's patch.</param>
    public static void Fill(
        ref ViewRandom random,
        double alpha,
        double sigma,
        int side,
        int pool,
        ViewBuffers buffers,
        Span<float> field
    )
    {
        var spacing = Math.Max(1, (int)(sigma / NodesPerSigma));
        var reach = (int)Math.Ceiling(Reach * sigma / spacing);
        var taps = (2 * reach) + 2;
        var nodes = ((side * pool) / spacing) + taps + 1;
        var (nodeStride, stride) = (Stride(nodes), Stride(side));

        var weights = buffers.Floats(ViewBuffers.Use.Weights, side * taps);
        // each way brings the square root of the whole factor
        var length = Math.Sqrt(1 / (2 * sigma * Math.Sqrt(Math.PI)));
        var factor = Math.Sqrt(alpha);
        for (var pixel = 0; pixel < side; pixel++)
            Weigh(pixel, weights.Slice(pixel * taps, taps), length, factor);

        var memory = buffers.Floats(
            ViewBuffers.Use.Nodes,
            (nodes * nodeStride) + (side * nodeStride) + (nodeStride * stride)
        );
        var noise = memory[..(nodes * nodeStride)];
        var down = memory.Slice(noise.Length, side * nodeStride);
        var turned = memory.Slice(noise.Length + down.Length, nodeStride * stride);
        random.FillUniform(noise);
        Smooth(noise, nodeStride, weights, taps, side, pool, spacing, down);
        Transpose(down, side, nodeStride, turned, stride);
        Smooth(turned, stride, weights, taps, side, pool, spacing, field);

        // the weights of the nodes around a pixel, the first of which is First; their squares sum up to length²
        void Weigh(int at, Span<float> row, double norm, double times)
        {
            var (position, first) = ((at + 0.5) * pool, First(at, pool, spacing));
            var squares = 0.0;
            for (var tap = 0; tap < row.Length; tap++)
            {
                var distance = (((first + tap - reach) * spacing) - position) / sigma;
                var weight = Math.Exp(-distance * distance / 2);
                squares += weight * weight;
                row[tap] = (float)weight;
            }

            var scale = (float)(norm * times / Math.Sqrt(squares));
            foreach (ref var weight in row)
                weight *= scale;
        }
    }

    private static int First(int pixel, int pool, int spacing) => (int)((pixel + 0.5) * pool / spacing);

    private static void Smooth(
        ReadOnlySpan<float> from,
        int stride,
        ReadOnlySpan<float> weights,
        int taps,
        int side,
        int pool,
        int spacing,
        Span<float> to
    )
    {
        ref var source = ref MemoryMarshal.GetReference(from);
        ref var target = ref MemoryMarshal.GetReference(to);
        for (var row = 0; row < side; row++)
        {
            var first = First(row, pool, spacing) * stride;
            var own = weights.Slice(row * taps, taps);
            for (var column = 0; column < stride; column += Vector256<float>.Count)
            {
                var sum = Vector256<float>.Zero;
                var at = first + column;
                foreach (var weight in own)
                {
                    sum = Vector256.FusedMultiplyAdd(
                        Vector256.LoadUnsafe(ref source, (nuint)at),
                        Vector256.Create(weight),
                        sum
                    );
                    at += stride;
                }

                sum.StoreUnsafe(ref target, (nuint)((row * stride) + column));
            }
        }
    }

    private static void Transpose(ReadOnlySpan<float> from, int rows, int columns, Span<float> to, int stride)
    {
        for (var row = 0; row < rows; row++)
        {
            var line = from.Slice(row * columns, columns);
            for (var column = 0; column < line.Length; column++)
                to[(column * stride) + row] = line[column];
        }
    }
}
