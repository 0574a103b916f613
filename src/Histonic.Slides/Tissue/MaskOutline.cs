using System.Runtime.CompilerServices;

namespace Histonic.Slides.Tissue;

/// <summary>One connected piece of tissue as a polygon along the edges of mask pixels.</summary>
/// <param name="Rings">
/// The outer ring, then the holes; each closed (its last point repeats the first), in mask pixels. The outer one runs
/// clockwise as seen on screen (y points down), holes the other way.
/// </param>
/// <param name="Area">Its area in mask pixels, holes left out.</param>
internal sealed record MaskOutline(IReadOnlyList<IReadOnlyList<(int X, int Y)>> Rings, long Area)
{
    /// <summary>Traces every piece; pixels that touch at a corner only belong to different ones.</summary>
    /// <returns>Valid polygons: no ring touches itself, holes touch others in single points at most.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)] // a mask is done before the compiler has looked twice
    public static IReadOnlyList<MaskOutline> Trace(TissueMask mask)
    {
        var (width, height, tissue) = (mask.Width, mask.Height, mask.Unpacked(true));
        bool At(int x, int y) => x >= 0 && y >= 0 && x < width && y < height && tissue[(y * width) + x];
        // Edge k of a pixel: 0 top (→), 1 right (↓), 2 bottom (←), 3 left (↑): the tissue lies to the right of its direction.
        bool Edge(int x, int y, int k) => At(x, y) && !At(x + Dx(k - 1), y + Dy(k - 1));
        var seen = new bool[width * height * 4];
        var rings = new List<(List<(int X, int Y)> Ring, int Pixel)>();
        for (var start = 0; start < seen.Length; start++)
        {
            var (pixel, side) = Math.DivRem(start, 4);
            if (seen[start] || !tissue[pixel])
                continue;
            var (y, x) = Math.DivRem(pixel, width);
            if (!Edge(x, y, side))
                continue;
            var path = new List<(int X, int Y)>();
            var k = side;
            while (!seen[(((y * width) + x) * 4) + k])
            {
                seen[(((y * width) + x) * 4) + k] = true;
                path.Add((x + (k is 1 or 2 ? 1 : 0), y + (k is 2 or 3 ? 1 : 0)));
                // Round the same pixel where possible, so that diagonal neighbours stay apart.
                if (Edge(x, y, (k + 1) % 4))
                    k = (k + 1) % 4;
                else if (Edge(x + Dx(k), y + Dy(k), k))
                    (x, y) = (x + Dx(k), y + Dy(k));
                else
                    (x, y, k) = (x + Dx(k) + Dx(k - 1), y + Dy(k) + Dy(k - 1), (k + 3) % 4);
            }

            foreach (var ring in Loops(path))
                rings.Add((ring, pixel));
        }

        return Assemble(Labels(tissue, width), rings);
    }

    private static int Dx(int direction) =>
        ((direction + 4) % 4) switch
        {
            0 => 1,
            2 => -1,
            _ => 0,
        };

    private static int Dy(int direction) =>
        ((direction + 4) % 4) switch
        {
            1 => 1,
            3 => -1,
            _ => 0,
        };

    /// <summary>Cuts a path that meets itself into loops that do not.</summary>
    private static IEnumerable<List<(int X, int Y)>> Loops(List<(int X, int Y)> path)
    {
        var open = new List<(int X, int Y)>();
        var places = new Dictionary<(int X, int Y), int>();
        foreach (var point in path)
        {
            if (places.TryGetValue(point, out var from))
            {
                var loop = open.GetRange(from, open.Count - from);
                foreach (var passed in loop)
                    places.Remove(passed);
                open.RemoveRange(from, open.Count - from);
                yield return Straightened(loop);
            }

            places[point] = open.Count;
            open.Add(point);
        }

        yield return Straightened(open);
    }

    /// <summary>Drops the points on straight lines, and closes the ring.</summary>
    private static List<(int X, int Y)> Straightened(List<(int X, int Y)> loop)
    {
        var corners = new List<(int X, int Y)>();
        for (var i = 0; i < loop.Count; i++)
        {
            var (before, at, after) = (loop[(i + loop.Count - 1) % loop.Count], loop[i], loop[(i + 1) % loop.Count]);
            if ((before.X != at.X || at.X != after.X) && (before.Y != at.Y || at.Y != after.Y))
                corners.Add(at);
        }

        corners.Add(corners[0]);
        return corners;
    }

    private static List<MaskOutline> Assemble(int[] labels, List<(List<(int X, int Y)> Ring, int Pixel)> rings)
    {
        var pieces = new SortedDictionary<int, (List<IReadOnlyList<(int X, int Y)>> Rings, long Area)>();
        // Outer rings first; the piece they are of is found by the pixel their tracing began at.
        foreach (var (ring, pixel) in rings.OrderByDescending(one => SignedArea(one.Ring) > 0))
        {
            var label = labels[pixel];
            var piece = pieces.TryGetValue(label, out var known) ? known : ([], 0);
            piece.Rings.Add(ring);
            pieces[label] = (piece.Rings, piece.Area + SignedArea(ring));
        }

        return [.. pieces.Values.Select(piece => new MaskOutline(piece.Rings, piece.Area))];
    }

    private static long SignedArea(List<(int X, int Y)> ring)
    {
        long twice = 0;
        for (var i = 1; i < ring.Count; i++)
            twice += ((long)ring[i - 1].X * ring[i].Y) - ((long)ring[i].X * ring[i - 1].Y);
        return twice / 2;
    }

    /// <summary>The piece of each pixel: the index of its first pixel in raster order; -1 for glass.</summary>
    private static int[] Labels(bool[] tissue, int width)
    {
        var labels = new int[tissue.Length];
        Array.Fill(labels, -1);
        var pending = new Stack<int>();
        for (var start = 0; start < labels.Length; start++)
        {
            if (labels[start] >= 0 || !tissue[start])
                continue;
            labels[start] = start;
            pending.Push(start);
            while (pending.TryPop(out var at))
            {
                var x = at % width;
                Visit(x > 0 ? at - 1 : -1, start);
                Visit(x < width - 1 ? at + 1 : -1, start);
                Visit(at - width, start);
                Visit(at + width, start);
            }
        }

        return labels;

        void Visit(int at, int label)
        {
            if (at < 0 || at >= labels.Length || labels[at] >= 0 || !tissue[at])
                return;
            labels[at] = label;
            pending.Push(at);
        }
    }
}
