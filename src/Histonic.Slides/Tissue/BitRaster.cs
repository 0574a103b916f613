using System.Collections;
using System.Numerics;

namespace Histonic.Slides.Tissue;

/// <summary>A binary picture that takes a bit a pixel, so that the masks of large slides fit the processor's caches and the memory bound.</summary>
internal sealed class BitRaster : IReadOnlyList<bool>
{
    private const int WordBits = 64;

    private readonly ulong[] _words; // rows begin with a word of their own; bits beyond the width are 0
    private readonly int _stride;

    /// <summary>Creates an empty picture.</summary>
    /// <param name="width">Its width in pixels.</param>
    /// <param name="height">Its height in pixels.</param>
    public BitRaster(int width, int height)
    {
        (Width, Height, _stride) = (width, height, (width + WordBits - 1) / WordBits);
        _words = new ulong[_stride * height];
    }

    private BitRaster(BitRaster other)
    {
        (Width, Height, _stride) = (other.Width, other.Height, other._stride);
        _words = [.. other._words];
    }

    public int Width { get; }

    public int Height { get; }

    /// <summary>Gets the number of its pixels, set or not.</summary>
    public int Count => Width * Height;

    public bool IsEmpty => _words.AsSpan().IndexOfAnyExcept(0UL) < 0;

    /// <summary>Gets a pixel by its place in raster order.</summary>
    public bool this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(index);
            var (y, x) = Math.DivRem(index, Width);
            return this[x, y];
        }
    }

    public bool this[int x, int y]
    {
        get => (Row(y)[x / WordBits] >> (x % WordBits) & 1) != 0;
        set
        {
            ref var word = ref Row(y)[x / WordBits];
            var bit = 1UL << (x % WordBits);
            word = value ? word | bit : word & ~bit;
        }
    }

    /// <summary>Packs a picture.</summary>
    /// <param name="pixels">Width × height pixels, row by row.</param>
    /// <param name="width">Its width.</param>
    public static BitRaster Of(ReadOnlySpan<bool> pixels, int width)
    {
        var raster = new BitRaster(width, width == 0 ? 0 : pixels.Length / width);
        for (var y = 0; y < raster.Height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                if (pixels[(y * width) + x])
                    raster[x, y] = true;
            }
        }

        return raster;
    }

    public BitRaster Copy() => new(this);

    /// <summary>Unpacks it, row by row.</summary>
    /// <param name="one">What stands for a pixel that is set; the others get the type's default.</param>
    public T[] Unpacked<T>(T one)
    {
        var pixels = new T[Count];
        for (var y = 0; y < Height; y++)
        {
            for (int from = Find(y, 0, true), to; from < Width; from = Find(y, to, true))
            {
                to = Find(y, from, false);
                pixels.AsSpan((y * Width) + from, to - from).Fill(one);
            }
        }

        return pixels;
    }

    /// <summary>The first pixel of a kind at or behind a place of a row; the width when there is none.</summary>
    public int Find(int y, int from, bool kind)
    {
        if (from >= Width)
            return Width;
        var row = Row(y);
        var other = kind ? 0 : ulong.MaxValue;
        var i = from / WordBits;
        var word = (row[i] ^ other) & (ulong.MaxValue << (from % WordBits));
        while (word == 0)
        {
            if (++i == row.Length)
                return Width;
            word = row[i] ^ other;
        }

        return Math.Min((i * WordBits) + BitOperations.TrailingZeroCount(word), Width);
    }

    /// <summary>How many pixels are set.</summary>
    public int Ones()
    {
        var ones = 0;
        foreach (var word in _words)
            ones += BitOperations.PopCount(word);
        return ones;
    }

    /// <summary>How many pixels of a row are set, from one (inclusive) to another (exclusive).</summary>
    public int Ones(int y, int from, int to)
    {
        if (from >= to)
            return 0;
        var row = Row(y);
        var (first, last) = (from / WordBits, (to - 1) / WordBits);
        var (head, tail) = (
            ulong.MaxValue << (from % WordBits),
            ulong.MaxValue >> (WordBits - 1 - ((to - 1) % WordBits))
        );
        if (first == last)
            return BitOperations.PopCount(row[first] & head & tail);
        var ones = BitOperations.PopCount(row[first] & head) + BitOperations.PopCount(row[last] & tail);
        for (var i = first + 1; i < last; i++)
            ones += BitOperations.PopCount(row[i]);
        return ones;
    }

    /// <summary>Sets or clears pixels of a row, from one (inclusive) to another (exclusive).</summary>
    public void Fill(int y, int from, int to, bool value)
    {
        var row = Row(y);
        for (var x = from; x < to; )
        {
            var end = Math.Min(to, (x / WordBits + 1) * WordBits);
            var bits = (ulong.MaxValue >> (WordBits - (end - x))) << (x % WordBits);
            ref var word = ref row[x / WordBits];
            word = value ? word | bits : word & ~bits;
            x = end;
        }
    }

    /// <summary>Sets what is set in another picture of the same size.</summary>
    public void Add(BitRaster other)
    {
        for (var i = 0; i < _words.Length; i++)
            _words[i] |= other._words[i];
    }

    /// <summary>Clears what is set in another picture of the same size.</summary>
    public void Remove(BitRaster other)
    {
        for (var i = 0; i < _words.Length; i++)
            _words[i] &= ~other._words[i];
    }

    /// <summary>Every pixel that is set, or touches one that is, at an edge or a corner.</summary>
    public BitRaster Grown()
    {
        var grown = new BitRaster(Width, Height);
        var wide = new ulong[_stride];
        for (var y = 0; y < Height; y++)
        {
            var row = Row(y);
            for (var i = 0; i < _stride; i++)
            {
                wide[i] =
                    row[i]
                    | (row[i] << 1)
                    | (row[i] >> 1)
                    | (i > 0 ? row[i - 1] >> (WordBits - 1) : 0)
                    | (i < _stride - 1 ? row[i + 1] << (WordBits - 1) : 0);
            }

            if (Width % WordBits > 0)
                wide[^1] &= ulong.MaxValue >> (WordBits - (Width % WordBits));
            for (var near = Math.Max(y - 1, 0); near <= Math.Min(y + 1, Height - 1); near++)
            {
                var target = grown.Row(near);
                for (var i = 0; i < _stride; i++)
                    target[i] |= wide[i];
            }
        }

        return grown;
    }

    public IEnumerator<bool> GetEnumerator()
    {
        for (var y = 0; y < Height; y++)
        {
            for (var x = 0; x < Width; x++)
                yield return this[x, y];
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private Span<ulong> Row(int y) => _words.AsSpan(y * _stride, _stride);
}
