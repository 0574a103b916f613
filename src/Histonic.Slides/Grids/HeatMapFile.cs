using Histonic.Slides.Cohorts;

namespace Histonic.Slides.Grids;

/// <summary>A heat map as a table: one line a cell with tissue.</summary>
public static class HeatMapFile
{
    /// <summary>Writes row, column, x and y (the patch's top-left corner in level-0 pixels), value and, where it is known, spread.</summary>
    /// <param name="path">The file that comes to be, whole or not at all.</param>
    /// <param name="map">The map.</param>
    public static void Write(string path, HeatMap map) =>
        CsvTable.Write(
            path,
            map.Spread is null ? ["row", "column", "x", "y", "value"] : ["row", "column", "x", "y", "value", "spread"],
            from row in Enumerable.Range(0, map.Rows)
            from column in Enumerable.Range(0, map.Columns)
            let cell = (row * map.Columns) + column
            let value = map.Values[cell]
            where !float.IsNaN(value)
            let origin = map.Geometry.Origin(row, column)
            select map.Spread is { } spread
                ? (IReadOnlyList<object?>)
                    [row, column, origin.X, origin.Y, value, float.IsNaN(spread[cell]) ? null : spread[cell]]
                : [row, column, origin.X, origin.Y, value]
        );
}
