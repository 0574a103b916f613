using System.Numerics;
using System.Runtime.CompilerServices;

namespace Histonic.Slides.Tissue;

/// <summary>The median of each pixel's 3 × 3 neighbourhood, which lets single pixels of noise go.</summary>
internal static class MedianFilter
{
    /// <summary>Filters a picture in place. At the edge the neighbourhood is what there is of it; of an even number the upper middle counts.</summary>
    /// <param name="values">Row by row.</param>
    /// <param name="width">Its width in pixels.</param>
    public static void Apply(byte[] values, int width)
    {
        var height = width == 0 ? 0 : values.Length / width;
        // the two rows that are still wanted as they were
        byte[] above = new byte[width],
            here = new byte[width];
        for (var y = 0; y < height; y++)
        {
            (above, here) = (here, above);
            var row = values.AsSpan(y * width, width);
            row.CopyTo(here);
            var before = y > 0 ? above : default(ReadOnlySpan<byte>);
            var below = y < height - 1 ? values.AsSpan((y + 1) * width, width) : default(ReadOnlySpan<byte>);
            var x = 0;
            if (!before.IsEmpty && !below.IsEmpty)
            {
                row[0] = Slow(before, here, below, 0);
                for (x = 1; x + Vector<byte>.Count < width; x += Vector<byte>.Count)
                    Fast(before, here, below, x).CopyTo(row[x..]);
            }

            for (; x < width; x++)
                row[x] = Slow(before, here, below, x);
        }
    }

    private static byte Slow(ReadOnlySpan<byte> above, ReadOnlySpan<byte> here, ReadOnlySpan<byte> below, int x)
    {
        Span<byte> near = stackalloc byte[9];
        var count = 0;
        for (var u = Math.Max(0, x - 1); u <= Math.Min(here.Length - 1, x + 1); u++)
        {
            if (!above.IsEmpty)
                near[count++] = above[u];
            near[count++] = here[u];
            if (!below.IsEmpty)
                near[count++] = below[u];
        }

        near[..count].Sort();
        return near[count / 2];
    }

    /// <summary>
    /// Medians of whole neighbourhoods, of many pixels at once: each column of three is sorted; the median of nine is the median of the greatest of the
    /// least, the middle of the middle and the least of the greatest.
    /// </summary>
    private static Vector<byte> Fast(
        ReadOnlySpan<byte> above,
        ReadOnlySpan<byte> here,
        ReadOnlySpan<byte> below,
        int at
    )
    {
        var (a0, a1, a2) = Sorted(above, here, below, at - 1);
        var (b0, b1, b2) = Sorted(above, here, below, at);
        var (c0, c1, c2) = Sorted(above, here, below, at + 1);
        var low = Vector.Max(a0, Vector.Max(b0, c0));
        var middle = Median(a1, b1, c1);
        var high = Vector.Min(a2, Vector.Min(b2, c2));
        return Median(low, middle, high);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector<byte> Least, Vector<byte> Middle, Vector<byte> Greatest) Sorted(
        ReadOnlySpan<byte> above,
        ReadOnlySpan<byte> here,
        ReadOnlySpan<byte> below,
        int at
    )
    {
        var (a, b, c) = (new Vector<byte>(above[at..]), new Vector<byte>(here[at..]), new Vector<byte>(below[at..]));
        return (Vector.Min(a, Vector.Min(b, c)), Median(a, b, c), Vector.Max(a, Vector.Max(b, c)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<byte> Median(Vector<byte> a, Vector<byte> b, Vector<byte> c) =>
        Vector.Max(Vector.Min(a, b), Vector.Min(Vector.Max(a, b), c));
}
