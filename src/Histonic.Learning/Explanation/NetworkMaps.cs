using Histonic.Slides.Grids;

namespace Histonic.Learning.Explanation;

/// <summary>Gathers the maps of several networks of one slide: each network's own mean first, then their mean and spread.</summary>
/// <param name="cells">The number of the slide's cells.</param>
internal sealed class NetworkMaps(int cells)
{
    private readonly List<double[]> _means = [];
    private double[] _sums = new double[cells];
    private int[] _counts = new int[cells];

    /// <summary>Adds a value of the present network for a cell, of one crop or symmetry.</summary>
    public void Add(int cell, double value)
    {
        _sums[cell] += value;
        _counts[cell]++;
    }

    /// <summary>Ends the present network.</summary>
    public void EndNetwork()
    {
        _means.Add([.. _sums.Zip(_counts, (sum, count) => sum / count)]);
        (_sums, _counts) = (new double[cells], new int[cells]);
    }

    /// <summary>The mean over networks, and their standard deviation (n − 1).</summary>
    /// <param name="slide">The slide.</param>
    /// <param name="toMaximum">Whether both are divided by the greatest mean, so that it becomes 1.</param>
    public HeatMap ToMap(SlideGrid slide, bool toMaximum)
    {
        var n = _means.Count;
        var means = Enumerable.Range(0, cells).Select(i => _means.Average(one => one[i])).ToArray();
        var most = toMaximum && cells > 0 && means.Max() > 0 ? means.Max() : 1;
        var (values, spread) = (new float[slide.Rows * slide.Columns], new float[slide.Rows * slide.Columns]);
        Array.Fill(values, float.NaN);
        Array.Fill(spread, float.NaN);
        foreach (var (i, cell) in slide.Cells.Index())
        {
            var at = (cell.Row * slide.Columns) + cell.Column;
            values[at] = (float)(means[i] / most);
            if (n > 1)
                spread[at] = (float)(Math.Sqrt(_means.Sum(one => Math.Pow(one[i] - means[i], 2)) / (n - 1)) / most);
        }

        return new HeatMap(slide.Slide, slide.Geometry, slide.Rows, slide.Columns, values) { Spread = spread };
    }
}
