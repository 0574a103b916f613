using System.Buffers;

namespace Histonic.Slides.Tiling;

/// <summary>Some decoded patches in a row of the plan's order. Dispose it when its pixels were used: they are pooled.</summary>
public sealed class PatchBatch : IDisposable
{
    private readonly int _bytes;
    private List<int>? _blanks;
    private byte[]? _pixels;

    internal PatchBatch(int first, int count, int patchSize)
    {
        (First, Count, Side) = (first, count, patchSize);
        _bytes = count * patchSize * patchSize * 3;
        _pixels = ArrayPool<byte>.Shared.Rent(_bytes);
    }

    /// <summary>Gets the place of the first patch among the plan's cells.</summary>
    public int First { get; }

    /// <summary>Gets the number n of patches.</summary>
    public int Count { get; }

    /// <summary>Gets the side P of a patch in pixels.</summary>
    public int Side { get; }

    /// <summary>Gets the places, among the plan's cells, of patches that could not be decoded and are white.</summary>
    public IReadOnlyList<int> Blanks => _blanks ?? [];

    /// <summary>Gets the pixels, n × P × P × 3 bytes of RGB.</summary>
    /// <exception cref="ObjectDisposedException">The batch was disposed.</exception>
    public ReadOnlyMemory<byte> Rgb => Pixels;

    internal Memory<byte> Pixels
    {
        get
        {
            ObjectDisposedException.ThrowIf(_pixels is null, this);
            return _pixels.AsMemory(0, _bytes);
        }
    }

    /// <summary>Makes a patch white.</summary>
    /// <param name="place">Its place in the batch.</param>
    internal void Blank(int place)
    {
        var bytes = Side * Side * 3;
        Pixels.Span.Slice(place * bytes, bytes).Fill(255);
        (_blanks ??= []).Add(First + place);
    }

    /// <summary>Gives the pixels back to the pool.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _pixels, null) is { } pixels)
            ArrayPool<byte>.Shared.Return(pixels);
    }
}
