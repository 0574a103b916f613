namespace Histonic.Slides.Reading;

/// <summary>Decoded tiles that more reads may want soon: each is decoded once by the first that asks, while others wait for it.</summary>
/// <remarks>
/// Holds up to a number of bytes, least recently used tiles go first; their memory is used again.
/// </remarks>
/// <param name="limit">The most bytes that it ever holds; tiles in use count, but do not go.</param>
internal sealed class TileCache(long limit)
{
    private long _wanted = long.MaxValue;

    private readonly Lock _lock = new();
    private readonly Dictionary<TileKey, LinkedListNode<Entry>> _entries = [];
    private readonly LinkedList<Entry> _recent = new(); // the most recently used first
    private readonly Dictionary<int, Stack<byte[]>> _free = [];
    private long _bytes;

    /// <summary>Says how much is worth keeping from now on, in bytes; the limit holds all the same.</summary>
    public long Wanted
    {
        set => Interlocked.Exchange(ref _wanted, value);
    }

    /// <summary>Hands out a tile; dispose it after use.</summary>
    /// <param name="key">Which.</param>
    /// <param name="length">Its bytes.</param>
    /// <param name="decode">Fills them; called once however many ask, again after it failed.</param>
    public CachedTile Get(TileKey key, int length, Action<TileKey, byte[]> decode)
    {
        var entry = Acquire(key, length);
        try
        {
            lock (entry)
            {
                if (!entry.IsDecoded)
                {
                    decode(key, entry.Rgb);
                    entry.IsDecoded = true;
                }
            }

            return new CachedTile(this, entry);
        }
        catch
        {
            Release(entry);
            throw;
        }
    }

    private Entry Acquire(TileKey key, int length)
    {
        lock (_lock)
        {
            if (_entries.TryGetValue(key, out var node))
            {
                _recent.Remove(node);
            }
            else
            {
                var rgb =
                    _free.TryGetValue(length, out var free) && free.TryPop(out var used) ? used : new byte[length];
                node = new LinkedListNode<Entry>(new Entry(key, rgb));
                _entries.Add(key, node);
                _bytes += length;
            }

            _recent.AddFirst(node);
            node.Value.Users++;
            return node.Value;
        }
    }

    private void Release(Entry entry)
    {
        lock (_lock)
        {
            entry.Users--;
            for (var node = _recent.Last; node is not null && _bytes > Math.Min(_wanted, limit); )
            {
                var before = node.Previous;
                if (node.Value.Users == 0)
                {
                    _recent.Remove(node);
                    _entries.Remove(node.Value.Key);
                    _bytes -= node.Value.Rgb.Length;
                    if (!_free.TryGetValue(node.Value.Rgb.Length, out var free))
                        _free.Add(node.Value.Rgb.Length, free = new Stack<byte[]>());
                    if (free.Count < 8)
                        free.Push(node.Value.Rgb);
                }

                node = before;
            }
        }
    }

    /// <summary>A decoded tile in use.</summary>
    internal readonly ref struct CachedTile(TileCache cache, Entry entry)
    {
        public ReadOnlySpan<byte> Rgb => entry.Rgb;

        public void Dispose() => cache.Release(entry);
    }

    /// <summary>A tile that is kept, and how many use it.</summary>
    internal sealed class Entry(TileKey key, byte[] rgb)
    {
        public TileKey Key { get; } = key;

        public byte[] Rgb { get; } = rgb;

        public int Users { get; set; }

        public bool IsDecoded { get; set; }
    }
}
