using System.Globalization;
using Histonic.Slides;
using Histonic.Slides.Cohorts;
using Histonic.Slides.Grids;
using Histonic.Slides.Reading;
using Histonic.Slides.Tiling;

namespace Histonic.Reports.HeatMaps;

/// <summary>The patches that spoke most and least, as a table and as a sheet of their pictures.</summary>
/// <param name="Top">The cells of the greatest values, the greatest first; of equal ones the first in raster order.</param>
/// <param name="Bottom">The cells of the least values, the least first; none that is among the top.</param>
public sealed record ExtremePatches(IReadOnlyList<GridCell> Top, IReadOnlyList<GridCell> Bottom)
{
    private const int Gap = 6;
    private const int FontSize = 14;

    /// <summary>Finds them.</summary>
    /// <param name="map">The map.</param>
    /// <param name="count">How many of each; fewer where the slide has less than twice as many cells.</param>
    public static ExtremePatches Of(HeatMap map, int count)
    {
        // both sorts are stable
        var top = map.Cells.OrderByDescending(map.At).Take(count).ToArray();
        return new ExtremePatches(top, [.. map.Cells.Except(top).OrderBy(map.At).Take(count)]);
    }

    /// <summary>Writes end (top or bottom), rank (from 1), row, column, x, y (level 0) and value.</summary>
    /// <param name="path">The file that comes to be, whole or not at all.</param>
    /// <param name="map">The map they are of.</param>
    public void WriteCsv(string path, HeatMap map) =>
        CsvTable.Write(
            path,
            ["end", "rank", "row", "column", "x", "y", "value"],
            new[] { ("top", Top), ("bottom", Bottom) }.SelectMany(end =>
                end.Item2.Select(
                    (cell, i) =>
                    {
                        var (x, y) = map.Geometry.Origin(cell.Row, cell.Column);
                        return (IReadOnlyList<object?>)[end.Item1, i + 1, cell.Row, cell.Column, x, y, map.At(cell)];
                    }
                )
            )
        );

    /// <summary>Draws two rows of patches at the working pixel size: the top ones above the bottom ones, each with its value.</summary>
    /// <param name="slide">The slide.</param>
    /// <param name="map">The map they are of.</param>
    /// <exception cref="InputException">A patch cannot be decoded.</exception>
    public RgbImage Draw(ISlide slide, HeatMap map)
    {
        var side = map.Geometry.PatchSize;
        var step = (Across: side + Gap, Down: side + FontSize + (3 * Gap));
        var sheet = RgbImage.White(Gap + (Math.Max(Top.Count, 1) * step.Across), Gap + (2 * step.Down));
        foreach (var (row, cells) in new[] { Top, Bottom }.Index())
        {
            foreach (var (i, cell) in cells.Index())
            {
                var (x, y) = map.Geometry.Origin(cell.Row, cell.Column);
                var half = map.Geometry.PatchSizeLevel0 / 2;
                var (left, top) = (Gap + (i * step.Across), Gap + (row * step.Down));
                sheet.Lay(SquareReader.Read(slide, map.Geometry, x + half, y + half, side), left, top);
                var words = map.At(cell).ToString("0.00", CultureInfo.InvariantCulture);
                if (PictureText.Draw(words, FontSize) is { } text && text.Width <= side)
                    sheet.Lay(text, left, top + side + Gap);
            }
        }

        return sheet;
    }
}
