using Histonic.Slides.Grids;

namespace Histonic.Learning.Explanation;

/// <summary>Gathers the maps of one slide by several networks under several symmetries: their mean, and how far either disagree.</summary>
/// <param name="cells">The number of the slide's cells.</param>
internal sealed class MapAverage(int cells)
{
    private readonly List<double[]> _networks = []; // means over symmetries
    private readonly double[]?[] _symmetries = new double[GridSymmetry.Count][]; // sums over networks
    private readonly (double[] Sums, int[] Counts)?[] _present = new (double[], int[])?[GridSymmetry.Count];

    /// <summary>Adds a value of the present network for a cell, of one look.</summary>
    /// <param name="symmetry">The symmetry of the look.</param>
    /// <param name="cell">The cell as an index.</param>
    /// <param name="value">The value.</param>
    public void Add(int symmetry, int cell, double value)
    {
        var (sums, counts) = _present[symmetry] ??= (new double[cells], new int[cells]);
        sums[cell] += value;
        counts[cell]++;
    }

    /// <summary>Ends the present network.</summary>
    public void EndNetwork()
    {
        var mean = new double[cells];
        var turns = _present.Count(one => one is not null);
        for (var symmetry = 0; symmetry < _present.Length; symmetry++)
        {
            if (_present[symmetry] is not var (sums, counts))
                continue;
            var total = _symmetries[symmetry] ??= new double[cells];
            for (var i = 0; i < cells; i++)
            {
                total[i] += sums[i] / counts[i];
                mean[i] += sums[i] / counts[i] / turns;
            }

            _present[symmetry] = null;
        }

        _networks.Add(mean);
    }

    /// <summary>The mean over networks and symmetries, and the standard deviations (n − 1) of the means of either.</summary>
    /// <param name="slide">The slide.</param>
    /// <param name="toMaximum">Whether all are divided by the greatest mean, so that it becomes 1.</param>
    public HeatMap ToMap(SlideGrid slide, bool toMaximum)
    {
        double[] means = [.. Enumerable.Range(0, cells).Select(i => _networks.Average(one => one[i]))];
        var most = toMaximum && cells > 0 && means.Max() > 0 ? means.Max() : 1;
        var turned = _symmetries.OfType<double[]>().ToArray();
        float[] Laid(Func<int, double> value)
        {
            var laid = new float[slide.Rows * slide.Columns];
            Array.Fill(laid, float.NaN);
            foreach (var (i, cell) in slide.Cells.Index())
                laid[(cell.Row * slide.Columns) + cell.Column] = (float)(value(i) / most);
            return laid;
        }

        return new HeatMap(slide.Slide, slide.Geometry, slide.Rows, slide.Columns, Laid(i => means[i]))
        {
            Spread = Laid(i => Deviation(_networks, i, means[i], 1)),
            SymmetrySpread = turned.Length > 1 ? Laid(i => Deviation(turned, i, means[i], _networks.Count)) : null,
        };
    }

    private static double Deviation(IReadOnlyList<double[]> maps, int cell, double mean, int divisor) =>
        maps.Count > 1
            ? Math.Sqrt(maps.Sum(one => Math.Pow((one[cell] / divisor) - mean, 2)) / (maps.Count - 1))
            : double.NaN;
}
