using System.Numerics;
using Histonic.Slides;
using Histonic.Slides.Grids;

namespace Histonic.Reports.Viewing;

/// <summary>The embeddings of a cohort, for its nearest patches and its principal components.</summary>
internal sealed class PatchIndex
{
    /// <summary>The most memory that embeddings take, in numbers: 128 million, or 512 MB.</summary>
    private const long MostNumbers = 1L << 27;

    private const int PatchesForComponents = 4096;
    private const int Iterations = 24;

    private readonly float[] _unit; // N × C, each of length 1
    private readonly int[] _slide;
    private readonly GridCell[] _cell;
    private readonly Lazy<float[]> _components;

    private PatchIndex(
        int channels,
        List<string> slides,
        int[] slide,
        GridCell[] cell,
        float[] unit,
        float[] sample,
        long total
    )
    {
        (Channels, Slides, _slide, _cell, _unit, Total) = (channels, slides, slide, cell, unit, total);
        _components = new Lazy<float[]>(() => Components(sample, channels));
    }

    /// <summary>Gets the length C of an embedding.</summary>
    public int Channels { get; }

    /// <summary>Gets the names of the slides.</summary>
    public IReadOnlyList<string> Slides { get; }

    /// <summary>Gets how many patches are held.</summary>
    public int Count => _cell.Length;

    /// <summary>Gets how many patches the cohort has; more than are held where memory would not do: then every n-th is.</summary>
    public long Total { get; }

    /// <summary>
    /// Gets the mean, the first three principal components and the scale of each: 7 rows of C numbers, the last three each
    /// one number (the standard deviation along the component) at the row's start.
    /// </summary>
    public float[] ComponentRows => _components.Value;

    /// <summary>Reads the embeddings of a cohort. Slides of another length of embedding, or damaged ones, are left out.</summary>
    /// <param name="slides">The slides' names, and how to read each.</param>
    /// <param name="channels">The length of an embedding.</param>
    public static PatchIndex Of(IReadOnlyList<(string Name, Func<CompressedSlide> Read)> slides, int channels)
    {
        List<string> names = [];
        List<int> slide = [];
        List<GridCell> cells = [];
        List<float[]> rows = [];
        long total = 0;
        var every = 1;
        foreach (var (name, read) in slides)
        {
            CompressedSlide features;
            try
            {
                features = read();
            }
            catch (InputException)
            {
                continue;
            }

            if (features.Channels != channels)
                continue;
            names.Add(name);
            for (var n = 0; n < features.Cells.Count; n++, total++)
            {
                if (total % every != 0)
                    continue;
                slide.Add(names.Count - 1);
                cells.Add(features.Cells[n]);
                rows.Add(features.Embedding(n).ToArray());
            }

            // half of what is held goes, evenly over all slides
            while ((long)rows.Count * channels > MostNumbers)
            {
                every *= 2;
                (slide, cells, rows) = (EveryOther(slide), EveryOther(cells), EveryOther(rows));
            }
        }

        var step = Math.Max(1, rows.Count / PatchesForComponents);
        float[] sample = [.. rows.Where((_, i) => i % step == 0).SelectMany(row => row)];
        var unit = new float[(long)rows.Count * channels];
        for (var i = 0; i < rows.Count; i++)
        {
            var length = MathF.Sqrt(Dot(rows[i], rows[i]));
            var target = unit.AsSpan(i * channels, channels);
            for (var k = 0; k < channels && length > 0; k++)
                target[k] = rows[i][k] / length;
        }

        return new PatchIndex(channels, names, [.. slide], [.. cells], unit, sample, total);
    }

    /// <summary>The patches nearest to an embedding by the cosine of the angle between them, nearest first.</summary>
    /// <param name="embedding">C numbers.</param>
    /// <param name="count">How many.</param>
    /// <param name="skip">Which to leave out: the patch itself.</param>
    public IReadOnlyList<(string Slide, GridCell Cell, double Cosine)> Nearest(
        ReadOnlySpan<float> embedding,
        int count,
        (string Slide, GridCell Cell) skip
    )
    {
        var length = MathF.Sqrt(Dot(embedding, embedding));
        if (length == 0)
            return [];
        var best = new PriorityQueue<int, float>();
        for (var i = 0; i < Count; i++)
        {
            if (_cell[i] == skip.Cell && string.Equals(Slides[_slide[i]], skip.Slide, StringComparison.Ordinal))
                continue;
            var cosine = Dot(embedding, _unit.AsSpan(i * Channels, Channels)) / length;
            if (best.Count < count)
                best.Enqueue(i, cosine);
            else if (best.TryPeek(out _, out var least) && cosine > least)
                best.EnqueueDequeue(i, cosine);
        }

        List<(string, GridCell, double)> found = [];
        while (best.TryDequeue(out var i, out var cosine))
            found.Add((Slides[_slide[i]], _cell[i], cosine));
        found.Reverse();
        return found;
    }

    /// <summary>The place of an embedding on the first three components, as colours: 0 = two deviations below the mean, 1 = above.</summary>
    public (float R, float G, float B) Colour(ReadOnlySpan<float> embedding)
    {
        var rows = ComponentRows;
        var centred = new float[Channels];
        for (var k = 0; k < Channels; k++)
            centred[k] = embedding[k] - rows[k];
        return (Along(centred, 0), Along(centred, 1), Along(centred, 2));

        float Along(ReadOnlySpan<float> values, int component)
        {
            var deviation = rows[(4 + component) * Channels];
            return deviation > 0
                ? Math.Clamp(
                    0.5f + (Dot(values, rows.AsSpan((1 + component) * Channels, Channels)) / (4 * deviation)),
                    0,
                    1
                )
                : 0.5f;
        }
    }

    /// <summary>Orthogonal iteration on the covariance: exact enough for a colour, and cheap for long embeddings.</summary>
    private static float[] Components(float[] sample, int channels)
    {
        var count = sample.Length / channels;
        var rows = new float[7 * channels];
        if (count == 0)
            return rows;
        for (var i = 0; i < sample.Length; i++)
            rows[i % channels] += sample[i] / count;
        var centred = new float[sample.Length];
        for (var i = 0; i < sample.Length; i++)
            centred[i] = sample[i] - rows[i % channels];
        const int Held = 3;
        var random = new Seed(1).For("principal components");
        var vectors = new float[Held][];
        for (var k = 0; k < Held; k++)
            vectors[k] = [.. Enumerable.Range(0, channels).Select(_ => (float)(random.NextDouble() - 0.5))];
        var variance = new float[Held];
        for (var turn = 0; turn < Iterations; turn++)
        {
            for (var k = 0; k < Held; k++)
            {
                var next = new float[channels];
                for (var n = 0; n < count; n++)
                {
                    var row = centred.AsSpan(n * channels, channels);
                    var score = Dot(row, vectors[k]);
                    for (var c = 0; c < channels; c++)
                        next[c] += score * row[c] / count;
                }

                for (var before = 0; before < k; before++)
                {
                    var shared = Dot(next, vectors[before]);
                    for (var c = 0; c < channels; c++)
                        next[c] -= shared * vectors[before][c];
                }

                var length = MathF.Sqrt(Dot(next, next));
                variance[k] = length;
                for (var c = 0; c < channels && length > 0; c++)
                    next[c] /= length;
                vectors[k] = next;
            }
        }

        for (var k = 0; k < Held; k++)
        {
            // a sign of its own, so that the same cohort has the same colours
            var sign = vectors[k].MaxBy(MathF.Abs) < 0 ? -1 : 1;
            for (var c = 0; c < channels; c++)
                rows[((1 + k) * channels) + c] = sign * vectors[k][c];
            rows[(4 + k) * channels] = MathF.Sqrt(variance[k]);
        }

        return rows;
    }

    private static List<T> EveryOther<T>(List<T> items) => [.. items.Where((_, i) => i % 2 == 0)];

    private static float Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var sums = Vector<float>.Zero;
        var i = 0;
        for (; i <= a.Length - Vector<float>.Count; i += Vector<float>.Count)
            sums += new Vector<float>(a[i..]) * new Vector<float>(b[i..]);
        var sum = Vector.Sum(sums);
        for (; i < a.Length; i++)
            sum += a[i] * b[i];
        return sum;
    }
}
