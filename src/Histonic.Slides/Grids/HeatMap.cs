using Histonic.Slides.Tiling;

namespace Histonic.Slides.Grids;

/// <summary>One number a cell of a slide's grid, such as how much it spoke for a prediction.</summary>
/// <param name="Slide">The slide's name, without extension.</param>
/// <param name="Geometry">Where the cells lie on the slide.</param>
/// <param name="Rows">The number of rows of the grid.</param>
/// <param name="Columns">The number of columns of the grid.</param>
/// <param name="Values">Rows × columns, row by row; NaN where there is no tissue.</param>
public sealed record HeatMap(string Slide, GridGeometry Geometry, int Rows, int Columns, float[] Values)
{
    /// <summary>
    /// Gets how far networks disagree: the standard deviation (n − 1) of a cell's value over the networks whose mean the map is; as the
    /// values, and NaN everywhere where there is one network only. Null where it is not known.
    /// </summary>
    public float[]? Spread { get; init; }

    /// <summary>Gets how far the 8 symmetries disagree: the standard deviation (n − 1) of a cell's value over them, each the mean over networks. Null where one was taken.</summary>
    public float[]? SymmetrySpread { get; init; }

    /// <summary>Gets the cells that have a value, in raster order.</summary>
    public IEnumerable<GridCell> Cells =>
        Enumerable
            .Range(0, Values.Length)
            .Where(i => float.IsFinite(Values[i]))
            .Select(i => new GridCell(i / Columns, i % Columns));

    /// <summary>Gets the least and the greatest value; null where no cell has one.</summary>
    public (float Least, float Greatest)? Range =>
        Values.Where(float.IsFinite).ToArray() is { Length: > 0 } known ? (known.Min(), known.Max()) : null;

    /// <summary>The value of a cell.</summary>
    public float At(GridCell cell) => Values[(cell.Row * Columns) + cell.Column];

    /// <summary>The spread of a cell; null where it is not known.</summary>
    public float? SpreadAt(GridCell cell) => KnownAt(Spread, cell);

    /// <summary>The spread of a cell over symmetries; null where it is not known.</summary>
    public float? SymmetrySpreadAt(GridCell cell) => KnownAt(SymmetrySpread, cell);

    private float? KnownAt(float[]? numbers, GridCell cell) =>
        numbers?[(cell.Row * Columns) + cell.Column] is { } number && float.IsFinite(number) ? number : null;

    /// <summary>The value below which a share of the cells lies; between two values linear, as numpy's quantile is. NaN where no cell has one.</summary>
    /// <param name="share">From 0 to 1.</param>
    public double Quantile(double share)
    {
        var values = Values.Where(float.IsFinite).Order().ToArray();
        if (values.Length == 0)
            return double.NaN;
        var place = share * (values.Length - 1);
        var below = (int)place;
        var above = Math.Min(below + 1, values.Length - 1);
        return values[below] + ((place - below) * (values[above] - values[below]));
    }
}
