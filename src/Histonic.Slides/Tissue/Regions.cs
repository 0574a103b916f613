using System.Runtime.InteropServices;

namespace Histonic.Slides.Tissue;

/// <summary>Connected regions of a binary picture.</summary>
/// <remarks>
/// Rows are taken as runs of pixels; runs that touch are of one region (union-find). Memory grows with the number of runs, not of pixels.
/// </remarks>
internal static class Regions
{
    /// <summary>Flips every connected region of one kind that <paramref name="flip"/> chooses.</summary>
    /// <param name="pixels">The picture; changed in place.</param>
    /// <param name="kind">The kind of pixel that makes the regions.</param>
    /// <param name="diagonal">Whether pixels that touch at a corner only belong together.</param>
    /// <param name="flip">Is asked once for each region.</param>
    /// <param name="marks">Pictures of the same size, whose pixels within each region are counted.</param>
    public static void Flip(
        BitRaster pixels,
        bool kind,
        bool diagonal,
        Func<Region, bool> flip,
        params ReadOnlySpan<BitRaster?> marks
    )
    {
        var labels = Label(pixels, kind, diagonal, marks, out var parts);
        // what a region is does not change while others are flipped
        var all = CollectionsMarshal.AsSpan(parts);
        var chosen = new bool[all.Length];
        for (var i = 0; i < all.Length; i++)
        {
            if (all[i].Parent == i)
                chosen[i] = flip(all[i].Region);
        }

        var run = 0;
        for (var y = 0; y < pixels.Height; y++)
        {
            for (int from = pixels.Find(y, 0, kind), to; from < pixels.Width; from = pixels.Find(y, to, kind), run++)
            {
                to = pixels.Find(y, from, !kind);
                if (chosen[Root(all, labels[run])])
                    pixels.Fill(y, from, to, !kind);
            }
        }
    }

    /// <summary>The part that each run of the picture belongs to, in raster order.</summary>
    private static List<int> Label(
        BitRaster pixels,
        bool kind,
        bool diagonal,
        ReadOnlySpan<BitRaster?> marks,
        out List<Part> parts
    )
    {
        var (width, height, reach) = (pixels.Width, pixels.Height, diagonal ? 1 : 0);
        var labels = new List<int>();
        var (above, here) = (new List<(int From, int To, int Label)>(), new List<(int From, int To, int Label)>());
        parts = [];
        for (var y = 0; y < height; y++)
        {
            (above, here) = (here, above);
            here.Clear();
            var first = 0;
            for (int from = pixels.Find(y, 0, kind), to; from < width; from = pixels.Find(y, to, kind))
            {
                to = pixels.Find(y, from, !kind);
                var rim = from == 0 || to == width || y == 0 || y == height - 1;
                var run = new Region(
                    to - from,
                    rim,
                    marks.Length > 0 ? marks[0]?.Ones(y, from, to) ?? 0 : 0,
                    marks.Length > 1 ? marks[1]?.Ones(y, from, to) ?? 0 : 0
                );
                var label = -1;
                while (first < above.Count && above[first].To + reach <= from)
                    first++;
                for (var i = first; i < above.Count && above[i].From < to + reach; i++)
                    label =
                        label < 0
                            ? Root(CollectionsMarshal.AsSpan(parts), above[i].Label)
                            : Join(parts, label, above[i].Label);
                if (label < 0)
                {
                    label = parts.Count;
                    parts.Add(new Part(label, run));
                }
                else
                {
                    ref var part = ref CollectionsMarshal.AsSpan(parts)[label];
                    part = part with { Region = part.Region.With(run) };
                }

                here.Add((from, to, label));
                labels.Add(label);
            }
        }

        return labels;
    }

    /// <summary>Makes two parts one.</summary>
    /// <returns>Its label.</returns>
    private static int Join(List<Part> parts, int one, int other)
    {
        var all = CollectionsMarshal.AsSpan(parts);
        other = Root(all, other);
        if (one == other)
            return one;
        // the older one stays, so that chains are short
        var (stays, goes) = one < other ? (one, other) : (other, one);
        all[stays] = all[stays] with { Region = all[stays].Region.With(all[goes].Region) };
        all[goes] = all[goes] with { Parent = stays };
        return stays;
    }

    private static int Root(Span<Part> parts, int label)
    {
        while (parts[label].Parent != label)
        {
            // halves the way for the next one
            parts[label] = parts[label] with
            {
                Parent = parts[parts[label].Parent].Parent,
            };
            label = parts[label].Parent;
        }

        return label;
    }

    /// <summary>A region as far as it is known.</summary>
    /// <param name="Parent">The part that it was found to belong to; itself for the first of a region.</param>
    /// <param name="Region">Its pixels so far; of the first part, those of all that belong to it.</param>
    private readonly record struct Part(int Parent, Region Region);
}
