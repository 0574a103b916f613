namespace Histonic.Slides.Grids;

/// <summary>Keeps embeddings that were read from files, up to a budget of memory; those not used for longest go first. For several threads.</summary>
/// <remarks>What is read does not depend on the budget, only how often it is.</remarks>
/// <param name="budget">The most bytes that are kept; blocks in use come on top of it.</param>
public sealed class EmbeddingCache(long budget)
{
    /// <summary>The budget where none is asked for: 1 GB.</summary>
    public const long DefaultBudget = 1L << 30;

    private readonly Lock _gate = new();
    private readonly Dictionary<(string Path, int Part), LinkedListNode<Entry>> _entries = [];
    private readonly LinkedList<Entry> _recent = new();

    /// <summary>Gets the bytes that are kept now.</summary>
    public long Held { get; private set; }

    /// <summary>Gets how often embeddings were read from a file.</summary>
    public int Reads { get; private set; }

    /// <summary>The embeddings of a file, kept or read.</summary>
    /// <param name="path">The file.</param>
    /// <param name="part">Which of its embeddings.</param>
    /// <param name="read">Reads them.</param>
    internal EmbeddingBlock Get(string path, int part, Func<EmbeddingBlock> read)
    {
        var key = (path, part);
        lock (_gate)
        {
            if (_entries.TryGetValue(key, out var kept))
            {
                _recent.Remove(kept);
                _recent.AddFirst(kept);
                return kept.Value.Block;
            }
        }

        // not behind the gate: two threads may read the same, and none waits for another's file
        var block = read();
        lock (_gate)
        {
            Reads++;
            if (!_entries.ContainsKey(key))
            {
                _entries.Add(key, _recent.AddFirst(new Entry(key, block)));
                Held += block.Bytes;
            }

            while (Held > budget && _recent.Last is { } oldest)
            {
                _recent.RemoveLast();
                _entries.Remove(oldest.Value.Key);
                Held -= oldest.Value.Block.Bytes;
            }
        }

        return block;
    }

    private sealed record Entry((string Path, int Part) Key, EmbeddingBlock Block);
}
