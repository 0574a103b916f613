namespace Histonic.Slides.Annotations;

/// <summary>The annotations of a slide.</summary>
/// <param name="Path">Their file.</param>
/// <param name="All">The annotations, in the file's order.</param>
/// <param name="LeftOut">What the file holds besides and cannot be used, in words: "2 of type LineString".</param>
public sealed record SlideAnnotations(string Path, IReadOnlyList<Annotation> All, IReadOnlyList<string> LeftOut)
{
    /// <summary>
    /// Gets whether places count from the corner of the scan's plane, as ASAP's do; else from that of the slide within it
    /// (OpenSlide's bounds), as QuPath's.
    /// </summary>
    public bool CountFromPlane { get; init; }

    /// <summary>The annotations with places that count from the slide's corner.</summary>
    /// <param name="boundsCorner">Where that corner lies in the scan's plane, in pixels of level 0.</param>
    public SlideAnnotations FromCorner((long X, long Y) boundsCorner) =>
        CountFromPlane && boundsCorner != (0, 0)
            ? new SlideAnnotations(
                Path,
                [.. All.Select(annotation => annotation.Moved(-boundsCorner.X, -boundsCorner.Y))],
                LeftOut
            )
            : this;

    /// <summary>Gets the annotations, the smallest first; of equal ones in the file's order.</summary>
    public IReadOnlyList<Annotation> BySize { get; } = [.. All.OrderBy(annotation => annotation.Area)];

    /// <summary>The smallest annotated area that contains a point: of one drawn inside another, the inner one. Null when none does.</summary>
    public Annotation? InnermostAt(SlidePoint point) => BySize.FirstOrDefault(annotation => annotation.Contains(point));
}
