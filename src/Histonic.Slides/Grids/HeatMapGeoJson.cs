using System.Text.Json.Nodes;
using Histonic.Slides.Annotations;
using Histonic.Slides.Tissue;

namespace Histonic.Slides.Grids;

/// <summary>
/// A heat map as objects that QuPath (0.4 and later) imports: every cell a tile with its value as a measurement, which QuPath's measurement maps
/// show, and the hottest parts as annotations. Coordinates are pixels of level 0 from the corner of the slide's bounds, as QuPath counts.
/// </summary>
public static class HeatMapGeoJson
{
    /// <summary>The share of cells below the hottest parts, as in Tellez et al., TPAMI 2021.</summary>
    public const double HotShare = 0.75;

    private static readonly int[] _hot = [220, 50, 32];
    private static readonly int[] _tile = [0, 90, 181];

    /// <summary>Writes a map.</summary>
    /// <param name="path">The file that comes to be, whole or not at all.</param>
    /// <param name="map">The map.</param>
    /// <param name="what">What its values are, such as "Grad-CAM of high"; names the hottest parts.</param>
    /// <exception cref="InputException">The file cannot be written.</exception>
    public static void Write(string path, HeatMap map, string what) =>
        QuPathFile.Write(path, Hottest(map, what).Concat(map.Cells.Select(cell => Tile(map, cell))));

    /// <summary>Pieces of cells at or above the quantile; none where all cells are alike.</summary>
    private static IEnumerable<QuPathObject> Hottest(HeatMap map, string what)
    {
        if (map.Range is not var (least, greatest) || !(greatest > least))
            return [];
        var threshold = map.Quantile(HotShare);
        var hot = new TissueMask(
            map.Columns,
            map.Rows,
            map.Geometry.StrideLevel0,
            [.. map.Values.Select(value => value >= threshold)],
            "hot"
        );
        return MaskOutline
            .Trace(hot)
            .Select(
                (piece, i) =>
                    new QuPathObject(
                        "annotation",
                        $"{what}, hottest quarter {i + 1}",
                        what,
                        _hot,
                        new JsonObject { ["Cells"] = piece.Area, ["Threshold"] = threshold },
                        piece.Rings.Select(ring => ring.Select(point => Corner(map, point.X, point.Y)))
                    )
            );
    }

    private static QuPathObject Tile(HeatMap map, GridCell cell)
    {
        var measurements = new JsonObject { ["Value"] = map.At(cell) };
        if (map.SpreadAt(cell) is { } spread)
            measurements["Spread"] = spread;
        if (map.SymmetrySpreadAt(cell) is { } symmetries)
            measurements["Spread over symmetries"] = symmetries;
        (measurements["Row"], measurements["Column"]) = (cell.Row, cell.Column);
        // a patch is the square that was looked at; strides below its side make tiles overlap, so tiles are cells
        var (column, row) = (cell.Column, cell.Row);
        var rim = new[] { (column, row), (column + 1, row), (column + 1, row + 1), (column, row + 1), (column, row) };
        return new QuPathObject(
            "tile",
            null,
            "Histonic",
            _tile,
            measurements,
            [rim.Select(corner => Corner(map, corner.Item1, corner.Item2))]
        );
    }

    /// <summary>The top-left corner of a cell, in pixels of level 0; at most the slide's rim.</summary>
    private static (double X, double Y) Corner(HeatMap map, int column, int row)
    {
        var geometry = map.Geometry;
        return (
            Math.Min(geometry.OffsetX + (column * geometry.StrideLevel0), geometry.Level0Width),
            Math.Min(geometry.OffsetY + (row * geometry.StrideLevel0), geometry.Level0Height)
        );
    }
}
