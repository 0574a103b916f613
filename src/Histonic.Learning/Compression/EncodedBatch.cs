using System.Collections.Concurrent;
using Histonic.Slides.Grids;

namespace Histonic.Learning.Compression;

/// <summary>The embeddings of some patches of a plan; dispose it after use, its memory is used again.</summary>
internal sealed class EncodedBatch : IDisposable
{
    private readonly int _numbers;
    private readonly ConcurrentBag<BatchEncoder.Buffers> _free;
    private BatchEncoder.Buffers? _buffers;

    public EncodedBatch(
        IReadOnlyList<int> places,
        int numbers,
        IReadOnlyList<int> blanks,
        BatchEncoder.Buffers buffers,
        ConcurrentBag<BatchEncoder.Buffers> free
    ) => (Places, _numbers, Blanks, _buffers, _free) = (places, numbers, blanks, buffers, free);

    /// <summary>Gets the place of each patch among the plan's cells.</summary>
    public IReadOnlyList<int> Places { get; }

    /// <summary>Gets the number n of patches.</summary>
    public int Count => Places.Count;

    /// <summary>Gets the places, among the plan's cells, of patches that could not be decoded.</summary>
    public IReadOnlyList<int> Blanks { get; }

    /// <summary>Gets n × C numbers.</summary>
    public ReadOnlySpan<float> Embeddings => Live.Embeddings.AsSpan(0, _numbers);

    /// <summary>Gets 8 × n × C numbers, or none.</summary>
    public ReadOnlySpan<float> EmbeddingsD4 =>
        Live.EmbeddingsD4.Length == 0 ? [] : Live.EmbeddingsD4.AsSpan(0, GridSymmetry.Count * _numbers);

    private BatchEncoder.Buffers Live
    {
        get
        {
            ObjectDisposedException.ThrowIf(_buffers is null, this);
            return _buffers;
        }
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _buffers, null) is { } buffers)
            _free.Add(buffers);
    }
}
