using Histonic.Slides.Grids;

namespace Histonic.Slides.Interchange;

/// <summary>Where crops of a slide are best taken from: the map that neural image compression writes beside its features.</summary>
public static class DistanceMap
{
    /// <summary>The percentile below which the map is 0.</summary>
    private const double Percentile = 98;

    /// <summary>
    /// The squared Euclidean distance of every cell with tissue to the nearest without, 0 below the 98th percentile of all cells, summing to 1.
    /// </summary>
    /// <param name="slide">The slide; a cell is tissue when it has an embedding.</param>
    /// <returns>
    /// Rows × columns numbers; all 0 for a slide without patches. On a grid without background the surroundings are the background.
    /// </returns>
    public static float[] Of(CompressedSlide slide)
    {
        var (rows, columns) = (slide.Rows, slide.Columns);
        var tissue = new bool[rows * columns];
        foreach (var (row, column) in slide.Cells)
            tissue[(row * columns) + column] = true;
        var squares = Squares(tissue, rows, columns);
        if (slide.Cells.Count == 0)
            return new float[squares.Length];
        var threshold = Quantile(squares, Percentile / 100);
        var kept = Array.ConvertAll(squares, square => square < threshold ? 0 : square);
        var sum = kept.Sum();
        return Array.ConvertAll(kept, square => (float)(square / sum));
    }

    /// <summary>The squared distance of every true cell to the nearest false one (0 for a false one), by the lower envelope of parabolas.</summary>
    /// <remarks>Felzenszwalb and Huttenlocher, Theory of Computing 8 (2012): first along columns, then along rows.</remarks>
    internal static double[] Squares(bool[] mask, int rows, int columns)
    {
        if (mask.Length == 0)
            return [];
        // Without background the frame around the grid takes its part.
        var frame = Array.TrueForAll(mask, value => value) ? 1 : 0;
        var (height, width) = (rows + (2 * frame), columns + (2 * frame));
        double far = ((double)height * height) + ((double)width * width);
        var squares = new double[height * width];
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < columns; column++)
                squares[((row + frame) * width) + column + frame] = mask[(row * columns) + column] ? far : 0;
        }

        for (var column = 0; column < width; column++)
            Transform(squares, column, width, height);
        for (var row = 0; row < height; row++)
            Transform(squares, row * width, 1, width);
        if (frame == 0)
            return squares;
        return [.. Enumerable.Range(0, rows).SelectMany(row => squares.Skip(((row + 1) * width) + 1).Take(columns))];
    }

    private static void Transform(double[] values, int start, int step, int count)
    {
        var heights = new double[count];
        for (var i = 0; i < count; i++)
            heights[i] = values[start + (i * step)];
        var vertices = new int[count];
        var borders = new double[count + 1];
        var last = 0;
        (borders[0], borders[1]) = (double.NegativeInfinity, double.PositiveInfinity);
        for (var i = 1; i < count; i++)
        {
            double crossing;
            while ((crossing = Crossing(heights, vertices[last], i)) <= borders[last])
                last--;
            last++;
            (vertices[last], borders[last], borders[last + 1]) = (i, crossing, double.PositiveInfinity);
        }

        for (int i = 0, k = 0; i < count; i++)
        {
            while (borders[k + 1] < i)
                k++;
            var away = (double)(i - vertices[k]);
            values[start + (i * step)] = (away * away) + heights[vertices[k]];
        }
    }

    private static double Crossing(double[] heights, int a, int b) =>
        (heights[b] + ((double)b * b) - heights[a] - ((double)a * a)) / (2.0 * (b - a));

    /// <summary>A quantile, interpolated as NumPy does.</summary>
    private static double Quantile(double[] values, double share)
    {
        var sorted = (double[])values.Clone();
        Array.Sort(sorted);
        var place = share * (sorted.Length - 1);
        var below = (int)Math.Floor(place);
        var above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + ((place - below) * (sorted[above] - sorted[below]));
    }
}
