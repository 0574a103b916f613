using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Histonic.Learning.Encoders.Training.Augmentation;

/// <summary>A Gaussian blur of a view's plane; beyond the edge it goes on as a reflection.</summary>
internal static class GaussianBlur
{
    private const int MostReach = 64;
    private const double Least = 1e-4; // a neighbour of less weight changes no byte

    /// <summary>Blurs.</summary>
    /// <param name="sigma">The standard deviation in pixels of the view; at most 16.</param>
    /// <param name="side">The side S of the view.</param>
    /// <param name="plane">S × S numbers, and at least 7 more that may be overwritten.</param>
    /// <param name="buffers">Memory to work in.</param>
    public static void Apply(double sigma, int side, Span<float> plane, ViewBuffers buffers)
    {
        var reach = Math.Min((int)Math.Ceiling(4 * sigma), MostReach);
        if (reach == 0 || Math.Exp(-1 / (2 * sigma * sigma)) < Least)
            return;
        Span<float> weights = stackalloc float[(2 * reach) + 1];
        var sum = 0.0;
        for (var i = 0; i < weights.Length; i++)
        {
            weights[i] = (float)Math.Exp(-(i - reach) * (i - reach) / (2 * sigma * sigma));
            sum += weights[i];
        }

        foreach (ref var weight in weights)
            weight = (float)(weight / sum);

        var memory = buffers.Floats(ViewBuffers.Use.Blurred, plane.Length + side + (2 * reach) + 8);
        var half = memory[..plane.Length];
        var line = memory[plane.Length..];
        for (var row = 0; row < side; row++)
        {
            var own = plane.Slice(row * side, side);
            own.CopyTo(line[reach..]);
            for (var i = 1; i <= reach; i++)
            {
                line[reach - i] = own[PatchWindow.Reflect(-i, side)];
                line[reach + side - 1 + i] = own[PatchWindow.Reflect(side - 1 + i, side)];
            }

            Sum(line, weights, side, half[(row * side)..]);
        }

        for (var row = 0; row < side; row++)
            SumRows(half, weights, row - reach, side, plane[(row * side)..]);
    }

    // what is written beyond a row's end is overwritten by the next row
    private static void Sum(ReadOnlySpan<float> from, ReadOnlySpan<float> weights, int side, Span<float> to)
    {
        ref var source = ref MemoryMarshal.GetReference(from);
        for (var column = 0; column < side; column += Vector256<float>.Count)
        {
            var sum = Vector256<float>.Zero;
            for (var i = 0; i < weights.Length; i++)
            {
                var number = Vector256.LoadUnsafe(ref source, (nuint)(column + i));
                sum = Vector256.FusedMultiplyAdd(number, Vector256.Create(weights[i]), sum);
            }

            sum.CopyTo(to[column..]);
        }
    }

    private static void SumRows(
        ReadOnlySpan<float> from,
        ReadOnlySpan<float> weights,
        int first,
        int side,
        Span<float> to
    )
    {
        ref var source = ref MemoryMarshal.GetReference(from);
        for (var column = 0; column < side; column += Vector256<float>.Count)
        {
            var sum = Vector256<float>.Zero;
            for (var i = 0; i < weights.Length; i++)
            {
                var row = PatchWindow.Reflect(first + i, side);
                var number = Vector256.LoadUnsafe(ref source, (nuint)((row * side) + column));
                sum = Vector256.FusedMultiplyAdd(number, Vector256.Create(weights[i]), sum);
            }

            sum.CopyTo(to[column..]);
        }
    }
}
