using System.Globalization;
using Histonic.Slides.Annotations;
using Histonic.Slides.Tiling;
using Histonic.Slides.Tissue;

namespace Histonic.Learning.Encoders.Training.Data;

/// <summary>Finds the patches of an annotated slide: the cells of the lattice that <c>compress</c> lays, named by what is annotated at their middle.</summary>
/// <remarks>
/// Of annotations inside each other the smallest counts. An annotation that no cell's middle lies in gets a patch of its own, about a point inside its largest piece, and each
/// annotated point gets one about itself; of two patches at one place the smaller annotation's stays.
/// </remarks>
internal static class AnnotatedLattice
{
    /// <summary>The least share of tissue under a patch that nobody annotated.</summary>
    private const double LeastTissue = 0.5;

    /// <summary>Finds patches.</summary>
    /// <param name="annotations">What is annotated.</param>
    /// <param name="geometry">The lattice.</param>
    /// <param name="rest">The class of tissue that nobody annotated; null: it is left out.</param>
    /// <param name="mask">Finds the slide's tissue; asked for only where there is a rest.</param>
    /// <returns>The middle in pixels of level 0, the top-left corner as words ("x,y"), and the class, in raster order; then those of small annotations and points.</returns>
    public static IReadOnlyList<(SlidePoint Middle, string Corner, string Class)> Find(
        SlideAnnotations annotations,
        GridGeometry geometry,
        string? rest,
        Func<TissueMask> mask
    )
    {
        var classes = new string?[geometry.Rows * geometry.Columns];
        var own = new List<(SlidePoint Middle, string Class)>();
        foreach (var annotation in annotations.BySize)
        {
            own.AddRange(annotation.Points.Select(point => (point, annotation.Class)));
            var any = false;
            foreach (var polygon in annotation.Polygons)
                any |= Claim(polygon, annotation.Class, geometry, classes);
            if (!any && annotation.Polygons.MaxBy(polygon => polygon.Area)?.InnerPoint() is { } point)
                own.Add((point, annotations.InnermostAt(point)?.Class ?? annotation.Class));
        }

        var found = new List<(SlidePoint, string, string)>();
        var tissue = rest is null ? null : mask();
        for (var cell = 0; cell < classes.Length; cell++)
        {
            var (row, column) = Math.DivRem(cell, geometry.Columns);
            var name = classes[cell];
            if (
                name is null
                && tissue is not null
                && tissue.Share(column * geometry.StrideLevel0, row * geometry.StrideLevel0, geometry.PatchSizeLevel0)
                    >= LeastTissue
            )
                name = rest;
            if (name is not null)
                found.Add((Middle(geometry, row, column), Corner(geometry, Middle(geometry, row, column)), name));
        }

        var taken = found.Select(one => one.Item2).ToHashSet(StringComparer.Ordinal);
        foreach (var (middle, name) in own)
        {
            if (Corner(geometry, middle) is var corner && taken.Add(corner))
                found.Add((middle, corner, name));
        }

        return found;
    }

    /// <summary>Gives the cells whose middle lies in a polygon its class, where a smaller one has not; false when there is no such cell at all.</summary>
    private static bool Claim(Polygon polygon, string name, GridGeometry geometry, string?[] classes)
    {
        var any = false;
        var stride = geometry.StrideLevel0;
        var (top, bottom) = Range(polygon.Top, polygon.Bottom, geometry.Rows);
        var (left, right) = Range(polygon.Left, polygon.Right, geometry.Columns);
        for (var row = top; row < bottom; row++)
        {
            for (var column = left; column < right; column++)
            {
                if (!polygon.Contains(Middle(geometry, row, column)))
                    continue;
                classes[(row * geometry.Columns) + column] ??= name;
                any = true;
            }
        }

        return any;

        (int From, int To) Range(double from, double to, int count) =>
            ((int)Math.Clamp(from / stride - 1, 0, count), (int)Math.Clamp(to / stride + 1, 0, count));
    }

    private static SlidePoint Middle(GridGeometry geometry, int row, int column) =>
        new((column + 0.5) * geometry.StrideLevel0, (row + 0.5) * geometry.StrideLevel0);

    private static string Corner(GridGeometry geometry, SlidePoint middle)
    {
        var half = geometry.PatchSizeLevel0 / 2;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{(long)Math.Round(middle.X - half)},{(long)Math.Round(middle.Y - half)}"
        );
    }
}
