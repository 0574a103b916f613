using Histonic.Slides.Grids;

namespace Histonic.Slides.Interchange;

/// <summary>Where crops of a slide are best taken from: the map that neural image compression writes beside its features.</summary>
public static class CropMap
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
        var squares = SquaredDistances.Of(slide.Cells, rows, columns, rim: false);
        if (slide.Cells.Count == 0)
            return new float[squares.Length];
        var threshold = Quantile(squares, Percentile / 100);
        var kept = Array.ConvertAll(squares, square => square < threshold ? 0 : square);
        var sum = kept.Sum();
        return Array.ConvertAll(kept, square => (float)(square / sum));
    }

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
