using System.Buffers;

namespace Histonic.Slides.Tiling;

/// <summary>Some decoded patches in a row of the plan's order. Dispose it when its pixels were used: they are pooled.</summary>
public sealed class PatchBatch : IDisposable
{
    private readonly int _bytes;
    private byte[]? _pixels;

    internal PatchBatch(int first, int count, int patchSize)
    {
        (First, Count) = (first, count);
        _bytes = count * patchSize * patchSize * 3;
        _pixels = ArrayPool<byte>.Shared.Rent(_bytes);
    }

    /// <summary>Gets the place of the first patch among the plan's cells.</summary>
    public int First { get; }

    /// <summary>Gets the number n of patches.</summary>
    public int Count { get; }

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

    /// <summary>Gives the pixels back to the pool.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _pixels, null) is { } pixels)
            ArrayPool<byte>.Shared.Return(pixels);
    }
}
