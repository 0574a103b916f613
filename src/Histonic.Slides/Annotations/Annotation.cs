namespace Histonic.Slides.Annotations;

/// <summary>What somebody drew on a slide and gave a class.</summary>
/// <param name="Class">The class, as the file has it: ASAP's group, QuPath's classification.</param>
/// <param name="Polygons">Its areas; none for points.</param>
/// <param name="Points">Its single points; none for areas.</param>
public sealed record Annotation(string Class, IReadOnlyList<Polygon> Polygons, IReadOnlyList<SlidePoint> Points)
{
    /// <summary>Gets the area of all its polygons, in square pixels of level 0; 0 for points.</summary>
    public double Area { get; } = Polygons.Sum(polygon => polygon.Area);

    /// <summary>Whether a point lies in one of its areas.</summary>
    public bool Contains(SlidePoint point) => Polygons.Any(polygon => polygon.Contains(point));

    /// <summary>The annotation elsewhere.</summary>
    /// <param name="x">How far to the right, in pixels of level 0.</param>
    /// <param name="y">How far down.</param>
    public Annotation Moved(double x, double y)
    {
        IReadOnlyList<SlidePoint> Move(IReadOnlyList<SlidePoint> points) =>
            [.. points.Select(point => new SlidePoint(point.X + x, point.Y + y))];
        return new Annotation(
            Class,
            [.. Polygons.Select(polygon => new Polygon([.. polygon.Rings.Select(Move)]))],
            Move(Points)
        );
    }
}
