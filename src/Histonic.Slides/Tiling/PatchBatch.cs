using System.Buffers;

namespace Histonic.Slides.Tiling;

/// <summary>Some decoded patches of a plan. Dispose it when its pixels were used: they are pooled.</summary>
public sealed class PatchBatch : IDisposable
{
    private readonly int _bytes;
    private List<int>? _blanks;
    private byte[]? _pixels;

    internal PatchBatch(IReadOnlyList<int> places, int patchSize)
    {
        (Places, Side) = (places, patchSize);
        _bytes = places.Count * patchSize * patchSize * 3;
        _pixels = ArrayPool<byte>.Shared.Rent(_bytes);
    }

    /// <summary>Gets the place of each patch among the plan's cells.</summary>
    public IReadOnlyList<int> Places { get; }

    /// <summary>Gets the number n of patches.</summary>
    public int Count => Places.Count;

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
    /// <param name="i">Its number in the batch.</param>
    internal void Blank(int i)
    {
        var bytes = Side * Side * 3;
        Pixels.Span.Slice(i * bytes, bytes).Fill(255);
        (_blanks ??= []).Add(Places[i]);
    }

    /// <summary>Gives the pixels back to the pool.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _pixels, null) is { } pixels)
            ArrayPool<byte>.Shared.Return(pixels);
    }
}
