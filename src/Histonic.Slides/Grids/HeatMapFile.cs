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
            from cell in map.Cells
            let origin = map.Geometry.Origin(cell.Row, cell.Column)
            let columns = (IReadOnlyList<object?>)[cell.Row, cell.Column, origin.X, origin.Y, map.At(cell)]
            select map.Spread is null ? columns : [.. columns, map.SpreadAt(cell)]
        );
}
