using Histonic.Slides.Cohorts;

namespace Histonic.Slides.Grids;

/// <summary>A heat map as a table: one line a cell with tissue.</summary>
public static class HeatMapFile
{
    /// <summary>
    /// Writes row, column, x and y (the patch's top-left corner in level-0 pixels), value and, where they are known, spread (over networks) and
    /// spread_symmetries.
    /// </summary>
    /// <param name="path">The file that comes to be, whole or not at all.</param>
    /// <param name="map">The map.</param>
    public static void Write(string path, HeatMap map)
    {
        List<(string Name, Func<GridCell, object?> Of)> columns =
        [
            ("row", cell => cell.Row),
            ("column", cell => cell.Column),
            ("x", cell => map.Geometry.Origin(cell.Row, cell.Column).X),
            ("y", cell => map.Geometry.Origin(cell.Row, cell.Column).Y),
            ("value", cell => map.At(cell)),
        ];
        if (map.Spread is not null)
            columns.Add(("spread", cell => map.SpreadAt(cell)));
        if (map.SymmetrySpread is not null)
            columns.Add(("spread_symmetries", cell => map.SymmetrySpreadAt(cell)));
        CsvTable.Write(
            path,
            [.. columns.Select(column => column.Name)],
            map.Cells.Select(cell => (IReadOnlyList<object?>)[.. columns.Select(column => column.Of(cell))])
        );
    }
}
