namespace Histonic.Slides.Annotations;

/// <summary>The annotations of a slide.</summary>
/// <param name="Path">Their file.</param>
/// <param name="All">The annotations, in the file's order.</param>
/// <param name="LeftOut">What the file holds besides and cannot be used, in words: "2 of type LineString".</param>
public sealed record SlideAnnotations(string Path, IReadOnlyList<Annotation> All, IReadOnlyList<string> LeftOut)
{
    /// <summary>Gets the annotations, the smallest first; of equal ones in the file's order.</summary>
    public IReadOnlyList<Annotation> BySize { get; } = [.. All.OrderBy(annotation => annotation.Area)];

    /// <summary>The smallest annotated area that contains a point: of one drawn inside another, the inner one. Null when none does.</summary>
    public Annotation? InnermostAt(SlidePoint point) => BySize.FirstOrDefault(annotation => annotation.Contains(point));
}
