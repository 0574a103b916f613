namespace Histonic.Slides.Grids;

/// <summary>The squared Euclidean distance of every cell to the nearest of the background, exact and in linear time.</summary>
/// <remarks>The lower envelope of parabolas: Felzenszwalb and Huttenlocher, Theory of Computing 2012; 8:415-428.</remarks>
public static class SquaredDistances
{
    /// <summary>Measures a grid.</summary>
    /// <param name="cells">The cells that are not background.</param>
    /// <param name="rows">The rows of the grid.</param>
    /// <param name="columns">The columns of the grid.</param>
    /// <param name="rim">Whether what lies around the grid is background too; it always is where the grid has none.</param>
    /// <returns>Rows × columns numbers, in squared cells; 0 for the background.</returns>
    public static double[] Of(IReadOnlyList<GridCell> cells, int rows, int columns, bool rim)
    {
        var frame = rim || cells.Count >= rows * columns ? 1 : 0;
        var (height, width) = (rows + (2 * frame), columns + (2 * frame));
        var squares = new double[height * width];
        foreach (var (row, column) in cells)
            squares[((row + frame) * width) + column + frame] = double.PositiveInfinity;
        var line = new double[Math.Max(height, width)];
        for (var x = 0; x < width; x++)
            Pass(squares, x, width, line.AsSpan(0, height));
        for (var y = 0; y < height; y++)
            Pass(squares, y * width, 1, line.AsSpan(0, width));
        if (frame == 0)
            return squares;
        var inside = new double[rows * columns];
        for (var row = 0; row < rows; row++)
            squares.AsSpan(((row + 1) * width) + 1, columns).CopyTo(inside.AsSpan(row * columns));
        return inside;
    }

    private static void Pass(double[] values, int start, int step, Span<double> line)
    {
        var n = line.Length;
        var at = new int[n];
        var from = new double[n + 1];
        var last = -1;
        for (var q = 0; q < n; q++)
        {
            line[q] = values[start + (q * step)];
            if (double.IsInfinity(line[q]))
                continue;
            var cross = double.NegativeInfinity;
            while (last >= 0)
            {
                var p = at[last];
                cross = (line[q] + ((double)q * q) - line[p] - ((double)p * p)) / (2.0 * (q - p));
                if (cross > from[last])
                    break;
                last--;
                cross = double.NegativeInfinity;
            }

            last++;
            (at[last], from[last], from[last + 1]) = (q, cross, double.PositiveInfinity);
        }

        if (last < 0)
            return;
        for (int q = 0, k = 0; q < n; q++)
        {
            while (from[k + 1] < q)
                k++;
            values[start + (q * step)] = ((double)(q - at[k]) * (q - at[k])) + line[at[k]];
        }
    }
}
