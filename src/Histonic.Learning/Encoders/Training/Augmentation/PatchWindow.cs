using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Histonic.Slides.Reading;

namespace Histonic.Learning.Encoders.Training.Augmentation;

/// <summary>A part of a patch, going on beyond the edges as its reflection, one number a pixel: ten bits a colour.</summary>
/// <remarks>
/// Ten bits hold the sum of four bytes, so 2 × 2 pixels are averaged by three additions a pixel, exactly, and one load fetches all
/// three colours.
/// </remarks>
internal readonly ref struct PatchWindow
{
    private const int Bits = 10;
    private const uint Mask = (1 << Bits) - 1;

    private readonly ReadOnlySpan<uint> _pixels;
    private readonly int _stride;
    private readonly float _unit;

    private PatchWindow(ReadOnlySpan<uint> pixels, int stride, float unit)
    {
        _pixels = pixels;
        _stride = stride;
        _unit = unit;
    }

    /// <summary>Packs a part of a picture.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="left">Where the part begins; may lie outside.</param>
    /// <param name="top">Where the part begins; may lie outside.</param>
    /// <param name="width">Its width in pixels.</param>
    /// <param name="height">Its height in pixels.</param>
    /// <param name="summed">
    /// Whether each pixel takes in its right, lower and lower right neighbours; the last row and column then hold nothing of use.
    /// </param>
    /// <param name="buffers">Memory, used until the next window is packed.</param>
    public static PatchWindow Pack(
        RgbImage picture,
        int left,
        int top,
        int width,
        int height,
        bool summed,
        ViewBuffers buffers
    )
    {
        var pixels = buffers.Window((width * height) + Vector256<uint>.Count);
        // rows inside the picture first: those beyond its edges are copies of them
        for (var row = Math.Clamp(-top, 0, height); row < Math.Clamp(picture.Height - top, 0, height); row++)
            PackRow(picture, left, top + row, pixels.Slice(row * width, width));
        for (var row = 0; row < height; row++)
        {
            var at = Reflect(top + row, picture.Height);
            if (at == top + row)
                continue;
            var inside = at - top;
            var target = pixels.Slice(row * width, width);
            if ((uint)inside < (uint)height)
                pixels.Slice(inside * width, width).CopyTo(target);
            else
                PackRow(picture, left, at, target);
        }

        if (summed)
            Sum(pixels, width, height);
        return new PatchWindow(pixels, width, summed ? 1 / (4 * 255f) : 1 / 255f);
    }

    /// <summary>Leads a position beyond the edge back inside, as a mirror on the edge pixel's middle does: … 2 1 | 0 1 2 … n−1 | n−2 ….</summary>
    public static int Reflect(int position, int length)
    {
        if ((uint)position < (uint)length)
            return position;
        if (length == 1)
            return 0;
        var period = 2 * (length - 1);
        var folded = ((position % period) + period) % period;
        return folded < length ? folded : period - folded;
    }

    /// <summary>Samples bilinearly.</summary>
    /// <param name="xs">Where, counted from the window's first column; at least 0, and below its last column.</param>
    /// <param name="ys">Where, counted from the window's first row; at least 0, and below its last row.</param>
    /// <param name="dx">Added to each x.</param>
    /// <param name="dy">Added to each y.</param>
    /// <param name="weight">What the samples, in [0, 1], are multiplied by.</param>
    /// <param name="add">Whether they are added to what the planes hold, or replace it.</param>
    /// <param name="red">Receives the reds; as long as <paramref name="xs"/>, a multiple of 8.</param>
    /// <param name="green">Receives the greens.</param>
    /// <param name="blue">Receives the blues.</param>
    public void Sample(
        ReadOnlySpan<float> xs,
        ReadOnlySpan<float> ys,
        float dx,
        float dy,
        float weight,
        bool add,
        Span<float> red,
        Span<float> green,
        Span<float> blue
    )
    {
        ref var pixels = ref MemoryMarshal.GetReference(_pixels);
        ref var below = ref Unsafe.Add(ref pixels, _stride);
        var unit = Vector256.Create(weight * _unit);
        for (var i = 0; i < xs.Length; i += Vector256<float>.Count)
        {
            var x = Vector256.Create(xs.Slice(i, Vector256<float>.Count)) + Vector256.Create(dx);
            var y = Vector256.Create(ys.Slice(i, Vector256<float>.Count)) + Vector256.Create(dy);
            var (column, row) = (Vector256.ConvertToInt32Native(x), Vector256.ConvertToInt32Native(y));
            var right = x - Vector256.ConvertToSingle(column);
            var down = y - Vector256.ConvertToSingle(row);
            var at = (row * _stride) + column;
            var near = (Vector256<float>.One - down) * unit;
            var far = down * unit;
            var four = new Four(
                Gather(ref pixels, at),
                Gather(ref Unsafe.Add(ref pixels, 1), at),
                Gather(ref below, at),
                Gather(ref Unsafe.Add(ref below, 1), at)
            );
            Put(four.Blend(0, right, near, far), add, red, i);
            Put(four.Blend(Bits, right, near, far), add, green, i);
            Put(four.Blend(2 * Bits, right, near, far), add, blue, i);
        }
    }

    private static void PackRow(RgbImage picture, int left, int row, Span<uint> target)
    {
        var width = picture.Width;
        var source = picture.Pixels.AsSpan(row * width * 3, width * 3);
        var from = Math.Clamp(-left, 0, target.Length);
        var to = Math.Clamp(width - left, from, target.Length);
        for (var column = 0; column < from; column++)
            target[column] = Packed(source, Reflect(left + column, width));
        if (from < to)
            PackInside(source[((left + from) * 3)..((left + to) * 3)], target[from..to]);
        for (var column = to; column < target.Length; column++)
            target[column] = Packed(source, Reflect(left + column, width));
    }

    private static void PackInside(ReadOnlySpan<byte> source, Span<uint> target)
    {
        var i = 0;
        if (BitConverter.IsLittleEndian)
        {
            // 12 of 16 bytes hold 4 pixels; a fourth byte of 0 is put behind each
            var spread = Vector128.Create((byte)0, 1, 2, 255, 3, 4, 5, 255, 6, 7, 8, 255, 9, 10, 11, 255);
            ref var bytes = ref MemoryMarshal.GetReference(source);
            ref var words = ref MemoryMarshal.GetReference(target);
            for (; (i * 3) + Vector128<byte>.Count <= source.Length; i += 4)
            {
                var four = Vector128.Shuffle(Vector128.LoadUnsafe(ref bytes, (nuint)(i * 3)), spread).AsUInt32();
                var packed =
                    (four & Vector128.Create(0xFFu))
                    | ((four & Vector128.Create(0xFF00u)) << (Bits - 8))
                    | ((four & Vector128.Create(0xFF_0000u)) << (2 * (Bits - 8)));
                packed.StoreUnsafe(ref words, (nuint)i);
            }
        }

        for (; i < target.Length; i++)
            target[i] = Packed(source, i);
    }

    private static uint Packed(ReadOnlySpan<byte> row, int column) =>
        row[column * 3] | ((uint)row[(column * 3) + 1] << Bits) | ((uint)row[(column * 3) + 2] << (2 * Bits));

    // in place: each sum reads itself and what lies behind it
    private static void Sum(Span<uint> pixels, int width, int height)
    {
        ref var all = ref MemoryMarshal.GetReference(pixels);
        var count = (height - 1) * width;
        for (var i = 0; i < count; i += Vector256<uint>.Count)
        {
            // what is read beyond the last row becomes part of no sum of use
            var limit = pixels.Length - Vector256<uint>.Count;
            var (a, b) = (Math.Min(i + width, limit), Math.Min(i + width + 1, limit));
            (
                Vector256.LoadUnsafe(ref all, (nuint)i)
                + Vector256.LoadUnsafe(ref all, (nuint)(i + 1))
                + Vector256.LoadUnsafe(ref all, (nuint)a)
                + Vector256.LoadUnsafe(ref all, (nuint)b)
            ).StoreUnsafe(ref all, (nuint)i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Gather(ref uint pixels, Vector256<int> at) =>
        Vector256.Create(
            Unsafe.Add(ref pixels, at[0]),
            Unsafe.Add(ref pixels, at[1]),
            Unsafe.Add(ref pixels, at[2]),
            Unsafe.Add(ref pixels, at[3]),
            Unsafe.Add(ref pixels, at[4]),
            Unsafe.Add(ref pixels, at[5]),
            Unsafe.Add(ref pixels, at[6]),
            Unsafe.Add(ref pixels, at[7])
        );

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(Vector256<float> samples, bool add, Span<float> plane, int at)
    {
        var target = plane.Slice(at, Vector256<float>.Count);
        (add ? samples + Vector256.Create((ReadOnlySpan<float>)target) : samples).CopyTo(target);
    }

    private readonly record struct Four(
        Vector256<uint> TopLeft,
        Vector256<uint> TopRight,
        Vector256<uint> BottomLeft,
        Vector256<uint> BottomRight
    )
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector256<float> Blend(int shift, Vector256<float> right, Vector256<float> near, Vector256<float> far)
        {
            var (topLeft, bottomLeft) = (Colour(TopLeft, shift), Colour(BottomLeft, shift));
            var top = Vector256.FusedMultiplyAdd(Colour(TopRight, shift) - topLeft, right, topLeft);
            var bottom = Vector256.FusedMultiplyAdd(Colour(BottomRight, shift) - bottomLeft, right, bottomLeft);
            return Vector256.FusedMultiplyAdd(bottom, far, top * near);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static Vector256<float> Colour(Vector256<uint> packed, int shift) =>
            Vector256.ConvertToSingle(((packed >> shift) & Vector256.Create(Mask)).AsInt32());
    }
}
