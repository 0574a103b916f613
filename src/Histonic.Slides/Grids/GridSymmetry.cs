namespace Histonic.Slides.Grids;

/// <summary>The 8 rotations and mirrorings of the square (D4), in the order of a compressed slide's <c>features_d4</c>.</summary>
/// <remarks>
/// First a rotation, counter-clockwise as numpy.rot90 turns, then a flip: (none 0), (none 90), (none 180), (none 270),
/// (horizontal 0), (vertical 0), (vertical 90), (vertical 270). Horizontal swaps left and right, vertical top and bottom.
/// The same holds for the pixels of a patch and for the cells of a grid: both turn together.
/// </remarks>
public static class GridSymmetry
{
    /// <summary>How many there are.</summary>
    public const int Count = 8;

    private static readonly (char Flip, int Turns)[] _all =
    [
        ('n', 0),
        ('n', 1),
        ('n', 2),
        ('n', 3),
        ('h', 0),
        ('v', 0),
        ('v', 1),
        ('v', 3),
    ];

    /// <summary>The size of a turned grid.</summary>
    /// <param name="symmetry">Which, from 0 (as it is) to 7.</param>
    /// <param name="rows">The rows before.</param>
    /// <param name="columns">The columns before.</param>
    public static (int Rows, int Columns) Size(int symmetry, int rows, int columns) =>
        _all[symmetry].Turns % 2 == 0 ? (rows, columns) : (columns, rows);

    /// <summary>Where a cell (or pixel) goes.</summary>
    /// <param name="symmetry">Which, from 0 (as it is) to 7.</param>
    /// <param name="cell">The place before.</param>
    /// <param name="rows">The rows before.</param>
    /// <param name="columns">The columns before.</param>
    public static GridCell Turn(int symmetry, GridCell cell, int rows, int columns)
    {
        var (flip, turns) = _all[symmetry];
        var (row, column) = turns switch
        {
            0 => (cell.Row, cell.Column),
            1 => (columns - 1 - cell.Column, cell.Row),
            2 => (rows - 1 - cell.Row, columns - 1 - cell.Column),
            _ => (cell.Column, rows - 1 - cell.Row),
        };
        var (turnedRows, turnedColumns) = Size(symmetry, rows, columns);
        return flip switch
        {
            'h' => new GridCell(row, turnedColumns - 1 - column),
            'v' => new GridCell(turnedRows - 1 - row, column),
            _ => new GridCell(row, column),
        };
    }
}
