using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Histonic.Slides;
using Histonic.Slides.Grids;

namespace Histonic.Learning.Encoders;

/// <summary>Turns bytes of RGB into what encoders take: a plane a colour, each number x / 255 · 2 − 1.</summary>
public static class PatchPlanes
{
    private const float Half = 127.5f;

    /// <summary>Takes patches apart into planes.</summary>
    /// <param name="rgb">n × P × P × 3 bytes.</param>
    /// <param name="patchSize">The side P of a patch.</param>
    /// <param name="planes">Receives n × 3 × P × P floats in [-1, 1].</param>
    public static void Write(ReadOnlySpan<byte> rgb, int patchSize, Span<float> planes)
    {
        var area = patchSize * patchSize;
        for (var at = 0; at < rgb.Length; at += area * 3)
        {
            var patch = planes.Slice(at, area * 3);
            WriteOne(rgb.Slice(at, area * 3), patch[..area], patch.Slice(area, area), patch.Slice(2 * area, area));
        }
    }

    /// <summary>Takes patches apart into planes of the means of squares of pixels.</summary>
    /// <param name="rgb">n × P × P × 3 bytes.</param>
    /// <param name="patchSize">The side P of a patch.</param>
    /// <param name="pool">The side k of the squares, which divides P.</param>
    /// <param name="planes">Receives n × 3 × P / k × P / k floats in [-1, 1].</param>
    public static void WritePooled(ReadOnlySpan<byte> rgb, int patchSize, int pool, Span<float> planes)
    {
        if (pool == 1)
        {
            Write(rgb, patchSize, planes);
            return;
        }

        var (side, bytes) = (patchSize / pool, patchSize * patchSize * 3);
        var area = side * side;
        for (var (at, to) = (0, 0); at < rgb.Length; (at, to) = (at + bytes, to + (3 * area)))
        {
            for (var y = 0; y < side; y++)
            {
                var rows = rgb.Slice(at + (y * pool * patchSize * 3), pool * patchSize * 3);
                var red = planes.Slice(to + (y * side), side);
                var green = planes.Slice(to + area + (y * side), side);
                var blue = planes.Slice(to + (2 * area) + (y * side), side);
                if (pool == 2)
                    PoolPairs(rows[..(patchSize * 3)], rows[(patchSize * 3)..], red, green, blue);
                else
                    PoolSquares(rows, patchSize, pool, red, green, blue);
            }
        }
    }

    /// <summary>The means of squares of planes.</summary>
    /// <param name="planes">n × 3 × P × P floats.</param>
    /// <param name="patchSize">The side P of a patch.</param>
    /// <param name="pool">The side k of the squares, which divides P.</param>
    /// <param name="pooled">Receives n × 3 × P / k × P / k floats.</param>
    public static void Pool(ReadOnlySpan<float> planes, int patchSize, int pool, Span<float> pooled)
    {
        var side = patchSize / pool;
        var share = 1f / (pool * pool);
        for (var i = 0; i < planes.Length / (pool * pool); i++)
        {
            var (row, column) = Math.DivRem(i, side);
            float sum = 0;
            for (var v = 0; v < pool; v++)
            {
                foreach (var value in planes.Slice((((row * pool) + v) * patchSize) + (column * pool), pool))
                    sum += value;
            }

            pooled[i] = sum * share;
        }
    }

    /// <summary>Turns patches by one of the 8 symmetries.</summary>
    /// <param name="symmetry">Which, from 0 to 7 in the order of <see cref="GridSymmetry"/>.</param>
    /// <param name="planes">n × 3 × P × P floats.</param>
    /// <param name="patchSize">The side P of a patch.</param>
    /// <param name="turned">Receives as many; not the same memory.</param>
    public static void Turn(int symmetry, ReadOnlySpan<float> planes, int patchSize, Span<float> turned)
    {
        var area = patchSize * patchSize;
        var (transposed, upsideDown, mirrored) = Steps(symmetry);
        for (var at = 0; at < planes.Length; at += area)
        {
            var plane = planes.Slice(at, area);
            var result = turned.Slice(at, area);
            if (transposed)
                Transpose(plane, patchSize, result);
            else
                plane.CopyTo(result);
            if (upsideDown && mirrored)
            {
                result.Reverse();
            }
            else if (upsideDown)
            {
                FlipRows(result, patchSize);
            }
            else if (mirrored)
            {
                for (var row = 0; row < patchSize; row++)
                    result.Slice(row * patchSize, patchSize).Reverse();
            }
        }
    }

    /// <summary>Every symmetry as a transposition or none, then a swap of top and bottom, then of left and right.</summary>
    private static (bool Transposed, bool UpsideDown, bool Mirrored) Steps(int symmetry)
    {
        // read off where two neighbouring corners of a 2 × 2 square go
        var corner = GridSymmetry.Turn(symmetry, new GridCell(0, 0), 2, 2);
        var right = GridSymmetry.Turn(symmetry, new GridCell(0, 1), 2, 2);
        return (right.Row != corner.Row, corner.Row == 1, corner.Column == 1);
    }

    private static void FlipRows(Span<float> plane, int side)
    {
        Span<float> kept = stackalloc float[512];
        var buffer = side <= kept.Length ? kept[..side] : new float[side];
        for (var (top, bottom) = (0, side - 1); top < bottom; top++, bottom--)
        {
            var upper = plane.Slice(top * side, side);
            var lower = plane.Slice(bottom * side, side);
            upper.CopyTo(buffer);
            lower.CopyTo(upper);
            buffer.CopyTo(lower);
        }
    }

    private static void Transpose(ReadOnlySpan<float> plane, int side, Span<float> result)
    {
        const int Block = 16; // 16 floats fill a cache line
        for (var top = 0; top < side; top += Block)
        {
            for (var left = 0; left < side; left += Block)
            {
                var (bottom, right) = (Math.Min(top + Block, side), Math.Min(left + Block, side));
                for (var row = top; row < bottom; row++)
                {
                    for (var column = left; column < right; column++)
                        result[(column * side) + row] = plane[(row * side) + column];
                }
            }
        }
    }

    private static void WriteOne(ReadOnlySpan<byte> rgb, Span<float> red, Span<float> green, Span<float> blue)
    {
        var i = 0;
        if (Vector128.IsHardwareAccelerated && BitConverter.IsLittleEndian)
        {
            ref var source = ref MemoryMarshal.GetReference(rgb);
            for (; i + 16 <= red.Length; i += 16)
            {
                // 48 bytes hold 16 pixels; a colour's bytes are picked out of the three thirds and put together
                var a = Vector128.LoadUnsafe(ref source, (nuint)(i * 3));
                var b = Vector128.LoadUnsafe(ref source, (nuint)((i * 3) + 16));
                var c = Vector128.LoadUnsafe(ref source, (nuint)((i * 3) + 32));
                Store(Pick(a, b, c, 0), red[i..]);
                Store(Pick(a, b, c, 1), green[i..]);
                Store(Pick(a, b, c, 2), blue[i..]);
            }
        }

        for (; i < red.Length; i++)
        {
            red[i] = Scaled(rgb[i * 3]);
            green[i] = Scaled(rgb[(i * 3) + 1]);
            blue[i] = Scaled(rgb[(i * 3) + 2]);
        }
    }

    /// <summary>The means of squares of 2 × 2 pixels of two rows.</summary>
    private static void PoolPairs(
        ReadOnlySpan<byte> upper,
        ReadOnlySpan<byte> lower,
        Span<float> red,
        Span<float> green,
        Span<float> blue
    )
    {
        var i = 0;
        if (Vector128.IsHardwareAccelerated && BitConverter.IsLittleEndian)
        {
            ref var above = ref MemoryMarshal.GetReference(upper);
            ref var below = ref MemoryMarshal.GetReference(lower);
            for (; i + 8 <= red.Length; i += 8)
            {
                var at = (nuint)(i * 6);
                var (a, b, c) = Load(ref above, at);
                var (d, e, f) = Load(ref below, at);
                StoreMeans(Pairs(Pick(a, b, c, 0)) + Pairs(Pick(d, e, f, 0)), red[i..]);
                StoreMeans(Pairs(Pick(a, b, c, 1)) + Pairs(Pick(d, e, f, 1)), green[i..]);
                StoreMeans(Pairs(Pick(a, b, c, 2)) + Pairs(Pick(d, e, f, 2)), blue[i..]);
            }
        }

        for (; i < red.Length; i++)
        {
            var at = i * 6;
            red[i] = Mean(upper[at] + upper[at + 3] + lower[at] + lower[at + 3]);
            green[i] = Mean(upper[at + 1] + upper[at + 4] + lower[at + 1] + lower[at + 4]);
            blue[i] = Mean(upper[at + 2] + upper[at + 5] + lower[at + 2] + lower[at + 5]);
        }

        static (Vector128<byte>, Vector128<byte>, Vector128<byte>) Load(ref byte row, nuint at) =>
            (
                Vector128.LoadUnsafe(ref row, at),
                Vector128.LoadUnsafe(ref row, at + 16),
                Vector128.LoadUnsafe(ref row, at + 32)
            );

        static Vector128<ushort> Pairs(Vector128<byte> values) =>
            (values.AsUInt16() & Vector128.Create((ushort)0xFF)) + (values.AsUInt16() >>> 8);

        static float Mean(int sum) => (sum - (4 * Half)) * (1 / (4 * Half));

        static void StoreMeans(Vector128<ushort> sums, Span<float> target)
        {
            var (low, high) = Vector128.Widen(sums);
            Scale(low).CopyTo(target);
            Scale(high).CopyTo(target[4..]);

            static Vector128<float> Scale(Vector128<uint> four) =>
                (Vector128.ConvertToSingle(four.AsInt32()) - Vector128.Create(4 * Half))
                * Vector128.Create(1 / (4 * Half));
        }
    }

    private static void PoolSquares(
        ReadOnlySpan<byte> rows,
        int patchSize,
        int pool,
        Span<float> red,
        Span<float> green,
        Span<float> blue
    )
    {
        var all = pool * pool * Half;
        for (var x = 0; x < red.Length; x++)
        {
            int reds = 0,
                greens = 0,
                blues = 0;
            for (var v = 0; v < pool; v++)
            {
                for (var u = 0; u < pool; u++)
                {
                    var pixel = rows.Slice(((v * patchSize) + (x * pool) + u) * 3, 3);
                    (reds, greens, blues) = (reds + pixel[0], greens + pixel[1], blues + pixel[2]);
                }
            }

            (red[x], green[x], blue[x]) = ((reds - all) / all, (greens - all) / all, (blues - all) / all);
        }
    }

    private static float Scaled(byte value) => (value - Half) * (1 / Half);

    /// <summary>The 16 bytes of one colour. What a shuffle's index does not reach becomes 0, so the thirds can be put together.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Pick(Vector128<byte> a, Vector128<byte> b, Vector128<byte> c, int colour) =>
        colour switch
        {
            0 => Vector128.Shuffle(
                a,
                Vector128.Create((byte)0, 3, 6, 9, 12, 15, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99)
            )
                | Vector128.Shuffle(
                    b,
                    Vector128.Create((byte)99, 99, 99, 99, 99, 99, 2, 5, 8, 11, 14, 99, 99, 99, 99, 99)
                )
                | Vector128.Shuffle(
                    c,
                    Vector128.Create((byte)99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 1, 4, 7, 10, 13)
                ),
            1 => Vector128.Shuffle(
                a,
                Vector128.Create((byte)1, 4, 7, 10, 13, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99)
            )
                | Vector128.Shuffle(
                    b,
                    Vector128.Create((byte)99, 99, 99, 99, 99, 0, 3, 6, 9, 12, 15, 99, 99, 99, 99, 99)
                )
                | Vector128.Shuffle(
                    c,
                    Vector128.Create((byte)99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 2, 5, 8, 11, 14)
                ),
            _ => Vector128.Shuffle(
                a,
                Vector128.Create((byte)2, 5, 8, 11, 14, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99)
            )
                | Vector128.Shuffle(
                    b,
                    Vector128.Create((byte)99, 99, 99, 99, 99, 1, 4, 7, 10, 13, 99, 99, 99, 99, 99, 99)
                )
                | Vector128.Shuffle(
                    c,
                    Vector128.Create((byte)99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 0, 3, 6, 9, 12, 15)
                ),
        };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector128<byte> bytes, Span<float> target)
    {
        var (low, high) = Vector128.Widen(bytes);
        Store(Vector128.WidenLower(low), target);
        Store(Vector128.WidenUpper(low), target[4..]);
        Store(Vector128.WidenLower(high), target[8..]);
        Store(Vector128.WidenUpper(high), target[12..]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector128<uint> numbers, Span<float> target) =>
        ((Vector128.ConvertToSingle(numbers.AsInt32()) - Vector128.Create(Half)) * Vector128.Create(1 / Half)).CopyTo(
            target
        );
}
