using Histonic.Slides;
using Histonic.Slides.Grids;

namespace Histonic.Learning.Prediction;

/// <summary>How likely each cell is the centre of a crop: (its distance to the background / the largest one)², as one distribution.</summary>
/// <remarks>papers.md 2.6. Distances are Euclidean, in cells, exact; what lies outside the grid is background.</remarks>
public sealed class DistanceMap
{
    private readonly IReadOnlyList<GridCell> _cells;
    private readonly double[] _upTo; // the weights summed up to and with each cell

    private DistanceMap(IReadOnlyList<GridCell> cells, Func<GridCell, double> weightOf)
    {
        _cells = cells;
        _upTo = new double[cells.Count];
        double sum = 0,
            most = double.NegativeInfinity;
        for (var i = 0; i < _upTo.Length; i++)
        {
            var weight = weightOf(cells[i]);
            _upTo[i] = sum += weight;
            if (weight > most)
                (most, Deepest) = (weight, cells[i]);
        }
    }

    /// <summary>Gets the probability of each cell with tissue, in raster order; they sum to 1.</summary>
    public IReadOnlyList<double> Weights =>
        [.. _upTo.Select((upTo, i) => (upTo - (i == 0 ? 0 : _upTo[i - 1])) / _upTo[^1])];

    /// <summary>Gets the cell farthest from the background, the first in raster order; the top-left one when there is no tissue.</summary>
    public GridCell Deepest { get; }

    /// <summary>Measures a grid.</summary>
    /// <param name="cells">The cells with tissue, in raster order.</param>
    /// <param name="rows">The rows of the grid.</param>
    /// <param name="columns">The columns of the grid.</param>
    public static DistanceMap Of(IReadOnlyList<GridCell> cells, int rows, int columns)
    {
        var squares = SquaredDistances.Of(cells, rows, columns, rim: true);
        return new DistanceMap(cells, cell => squares[(cell.Row * columns) + cell.Column]);
    }

    /// <summary>Draws a cell.</summary>
    public GridCell Draw(Random random)
    {
        if (_cells.Count == 0)
            return default;
        var found = Array.BinarySearch(_upTo, random.NextDouble() * _upTo[^1]);
        return _cells[Math.Min(found < 0 ? ~found : found, _cells.Count - 1)];
    }

    /// <summary>Cells with tissue, evenly spaced in raster order; fewer when there are not so many.</summary>
    public IEnumerable<GridCell> Spaced(int count)
    {
        if (_cells.Count == 0)
            return [default];
        count = Math.Min(count, _cells.Count);
        return Enumerable.Range(0, count).Select(i => _cells[(int)(((2L * i) + 1) * _cells.Count / (2L * count))]);
    }
}
