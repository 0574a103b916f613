using Histonic.Slides.Cohorts;

namespace Histonic.Slides.Grids;

/// <summary>A heat map as a table: one line a cell with tissue.</summary>
public static class HeatMapFile
{
    /// <summary>Writes row, column, x and y (the patch's top-left corner in level-0 pixels) and value.</summary>
    /// <param name="path">The file that comes to be, whole or not at all.</param>
    /// <param name="map">The map.</param>
    public static void Write(string path, HeatMap map) =>
        CsvTable.Write(
            path,
            ["row", "column", "x", "y", "value"],
            from row in Enumerable.Range(0, map.Rows)
            from column in Enumerable.Range(0, map.Columns)
            let value = map.Values[(row * map.Columns) + column]
            where !float.IsNaN(value)
            let origin = map.Geometry.Origin(row, column)
            select (IReadOnlyList<object?>)[row, column, origin.X, origin.Y, value]
        );
}
