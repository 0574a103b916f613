namespace Histonic.Slides.Annotations;

/// <summary>An area of a slide, bounded by closed rings: an outline, and the outlines of its holes.</summary>
/// <remarks>
/// Even-odd rule: a point is inside when a ray from it crosses the rings an odd number of times. Of a point on an edge, one of the two sides of
/// that edge is taken, so that polygons that share an edge share none of its points.
/// </remarks>
public sealed class Polygon
{
    private const int EdgesOfBand = 4;
    private const int MostBands = 1 << 14;

    // Outlines drawn by hand have tens of thousands of edges: each horizontal band lists those that reach into it.
    private readonly (SlidePoint From, SlidePoint To)[][] _bands;

    /// <summary>Creates a polygon.</summary>
    /// <param name="rings">
    /// The outline first, then its holes; each at least 3 points. The last point need not repeat the first. Either direction.
    /// </param>
    public Polygon(IReadOnlyList<IReadOnlyList<SlidePoint>> rings)
    {
        Rings = rings;
        var points = rings.SelectMany(ring => ring).ToList();
        (Left, Right) = (points.Min(point => point.X), points.Max(point => point.X));
        (Top, Bottom) = (points.Min(point => point.Y), points.Max(point => point.Y));
        Area = Math.Max(0, AreaOf(rings[0]) - rings.Skip(1).Sum(AreaOf));
        var bands = new List<(SlidePoint, SlidePoint)>[Math.Clamp(points.Count / EdgesOfBand, 1, MostBands)];
        for (var i = 0; i < bands.Length; i++)
            bands[i] = [];
        foreach (var (from, to) in rings.SelectMany(Edges))
        {
            for (
                var i = BandOf(Math.Min(from.Y, to.Y), bands.Length);
                i <= BandOf(Math.Max(from.Y, to.Y), bands.Length);
                i++
            )
                bands[i].Add((from, to));
        }

        _bands = Array.ConvertAll(bands, band => band.ToArray());
    }

    /// <summary>Gets the outline, then the holes.</summary>
    public IReadOnlyList<IReadOnlyList<SlidePoint>> Rings { get; }

    /// <summary>Gets the least x.</summary>
    public double Left { get; }

    /// <summary>Gets the least y.</summary>
    public double Top { get; }

    /// <summary>Gets the largest x.</summary>
    public double Right { get; }

    /// <summary>Gets the largest y.</summary>
    public double Bottom { get; }

    /// <summary>Gets the area of the outline less that of the holes, in square pixels of level 0; of rings that do not cross themselves.</summary>
    public double Area { get; }

    /// <summary>Whether a point is inside.</summary>
    public bool Contains(SlidePoint point)
    {
        var (x, y) = point;
        if (!(x >= Left && x <= Right && y >= Top && y <= Bottom))
            return false;
        var inside = false;
        foreach (var (from, to) in _bands[BandOf(y, _bands.Length)])
        {
            if (from.Y > y != to.Y > y && x < CrossingOf(from, to, y))
                inside = !inside;
        }

        return inside;
    }

    /// <summary>A point inside: the middle of the bounding box, or of the widest stretch at half the height; null when there is none.</summary>
    public SlidePoint? InnerPoint()
    {
        var middle = new SlidePoint((Left + Right) / 2, (Top + Bottom) / 2);
        if (Contains(middle))
            return middle;
        var widest = CrossingsAt(middle.Y)
            .Chunk(2)
            .Where(pair => pair.Length == 2)
            .OrderByDescending(pair => pair[1] - pair[0])
            .FirstOrDefault();
        return
            widest is { } found && new SlidePoint((found[0] + found[1]) / 2, middle.Y) is var point && Contains(point)
            ? point
            : null;
    }

    /// <summary>Where a horizontal line crosses the rings, from left to right: it is inside between the first and the second, and so on.</summary>
    /// <param name="y">The line.</param>
    public IReadOnlyList<double> CrossingsAt(double y) =>
        y >= Top && y <= Bottom
            ?
            [
                .. _bands[BandOf(y, _bands.Length)]
                    .Where(edge => edge.From.Y > y != edge.To.Y > y)
                    .Select(edge => CrossingOf(edge.From, edge.To, y))
                    .Order(),
            ]
            : [];

    private static double CrossingOf(SlidePoint from, SlidePoint to, double y) =>
        from.X + ((y - from.Y) * (to.X - from.X) / (to.Y - from.Y));

    private static IEnumerable<(SlidePoint From, SlidePoint To)> Edges(IReadOnlyList<SlidePoint> ring) =>
        ring.Select((point, i) => (point, ring[(i + 1) % ring.Count]));

    private static double AreaOf(IReadOnlyList<SlidePoint> ring) =>
        Math.Abs(Edges(ring).Sum(edge => (edge.From.X * edge.To.Y) - (edge.To.X * edge.From.Y))) / 2;

    private int BandOf(double y, int count) =>
        Bottom > Top ? Math.Clamp((int)((y - Top) / (Bottom - Top) * count), 0, count - 1) : 0;
}
