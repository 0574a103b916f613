namespace Histonic.Learning.Prediction;

/// <summary>Which cells of a slide are in a bag: every k-th, or a sample; in the order of the slide's cells.</summary>
internal readonly struct BagCells
{
    private readonly int[]? _sample;
    private readonly int _step;
    private readonly int _first;

    private BagCells(int[]? sample, int step, int first, int count) =>
        (_sample, _step, _first, Count) = (sample, step, first, count);

    /// <summary>Gets how many there are.</summary>
    public int Count { get; }

    /// <summary>Every step-th cell from the first on.</summary>
    public static BagCells EveryNth(int cells, int step, int first) =>
        new(null, step, first, Math.Max(0, (cells - first + step - 1) / step));

    /// <summary>So many cells, each as likely as any other.</summary>
    public static BagCells Sample(int cells, int count, int seed)
    {
        count = Math.Min(count, cells);
        var random = new Random(seed);
        // Floyd's sampling (Bentley and Floyd, Comm ACM 1987; 30:754-757): no list of all cells is made
        var chosen = new HashSet<int>(count);
        for (var i = cells - count; i < cells; i++)
        {
            if (!chosen.Add(random.Next(i + 1)))
                chosen.Add(i);
        }

        var sorted = chosen.ToArray();
        Array.Sort(sorted);
        return new BagCells(sorted, 1, 0, count);
    }

    /// <summary>The i-th of them.</summary>
    public int At(int i) => _sample is null ? _first + (i * _step) : _sample[i];
}
