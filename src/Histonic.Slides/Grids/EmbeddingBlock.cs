namespace Histonic.Slides.Grids;

/// <summary>The embeddings of a slide's cells, N × C, as narrow as their file stores them; widened row by row.</summary>
public sealed class EmbeddingBlock
{
    private readonly Half[]? _halves;
    private readonly ReadOnlyMemory<float> _floats;

    /// <summary>Takes numbers of half precision, N × C.</summary>
    public EmbeddingBlock(Half[] halves) => _halves = halves;

    /// <summary>Takes numbers of single precision, N × C.</summary>
    public EmbeddingBlock(ReadOnlyMemory<float> floats) => _floats = floats;

    /// <summary>Gets the number of numbers, N · C.</summary>
    public int Length => _halves?.Length ?? _floats.Length;

    /// <summary>Gets the memory it takes, in bytes.</summary>
    public long Bytes => Length * (_halves is null ? 4L : 2L);

    /// <summary>Reads consecutive numbers.</summary>
    /// <param name="start">The first: n · C is where the embedding of the n-th cell begins.</param>
    /// <param name="numbers">Receives as many as it holds.</param>
    public void Read(int start, Span<float> numbers)
    {
        if (_halves is null)
        {
            _floats.Span.Slice(start, numbers.Length).CopyTo(numbers);
            return;
        }

        var halves = _halves.AsSpan(start, numbers.Length);
        for (var i = 0; i < halves.Length; i++)
            numbers[i] = (float)halves[i];
    }
}
