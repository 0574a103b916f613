using System.Numerics;
using System.Runtime.CompilerServices;

namespace Histonic.Slides.Tissue;

/// <summary>The median of each pixel's 3 × 3 neighbourhood, which lets single pixels of noise go.</summary>
internal static class MedianFilter
{
    /// <summary>Filters a picture. At the edge the neighbourhood is what there is of it; of an even number the upper middle counts.</summary>
    /// <param name="values">Row by row.</param>
    /// <param name="width">Its width in pixels.</param>
    public static byte[] Apply(byte[] values, int width)
    {
        var height = width == 0 ? 0 : values.Length / width;
        var result = new byte[values.Length];
        for (var y = 0; y < height; y++)
        {
            var x = 0;
            if (y > 0 && y < height - 1)
            {
                Slow(values, width, height, 0, y, result);
                for (x = 1; x + Vector<byte>.Count < width; x += Vector<byte>.Count)
                    Fast(values, (y * width) + x, width).CopyTo(result, (y * width) + x);
            }

            for (; x < width; x++)
                Slow(values, width, height, x, y, result);
        }

        return result;
    }

    private static void Slow(byte[] values, int width, int height, int x, int y, byte[] result)
    {
        Span<byte> near = stackalloc byte[9];
        var count = 0;
        for (var v = Math.Max(0, y - 1); v <= Math.Min(height - 1, y + 1); v++)
        {
            for (var u = Math.Max(0, x - 1); u <= Math.Min(width - 1, x + 1); u++)
                near[count++] = values[(v * width) + u];
        }

        near[..count].Sort();
        result[(y * width) + x] = near[count / 2];
    }

    /// <summary>
    /// Medians of whole neighbourhoods, of many pixels at once: each column of three is sorted; the median of nine is the median of the greatest of the
    /// least, the middle of the middle and the least of the greatest.
    /// </summary>
    private static Vector<byte> Fast(byte[] values, int at, int width)
    {
        var (a0, a1, a2) = Sorted(values, at - 1, width);
        var (b0, b1, b2) = Sorted(values, at, width);
        var (c0, c1, c2) = Sorted(values, at + 1, width);
        var low = Vector.Max(a0, Vector.Max(b0, c0));
        var middle = Median(a1, b1, c1);
        var high = Vector.Min(a2, Vector.Min(b2, c2));
        return Median(low, middle, high);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector<byte> Least, Vector<byte> Middle, Vector<byte> Greatest) Sorted(
        byte[] values,
        int at,
        int width
    )
    {
        var (a, b, c) = (
            new Vector<byte>(values, at - width),
            new Vector<byte>(values, at),
            new Vector<byte>(values, at + width)
        );
        return (Vector.Min(a, Vector.Min(b, c)), Median(a, b, c), Vector.Max(a, Vector.Max(b, c)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<byte> Median(Vector<byte> a, Vector<byte> b, Vector<byte> c) =>
        Vector.Max(Vector.Min(a, b), Vector.Min(Vector.Max(a, b), c));
}
