using Histonic.Slides;
using Histonic.Slides.Cohorts;
using Histonic.Slides.Grids;
using Histonic.Statistics;
using Histonic.Statistics.Classification;
using Histonic.Statistics.Intervals;
using Histonic.Statistics.Regression;

namespace Histonic.Reports.HeatMaps;

/// <summary>
/// Checks heat maps: against the region that is known to decide the target, against maps that know nothing (chance, the share of tissue), and against
/// those of networks with random weights (Adebayo et al., NeurIPS 2018), which must not look like them. Cells with tissue only.
/// </summary>
/// <param name="seed">Where the random map and the resamples come from.</param>
public sealed class MapOverlaps(Seed seed)
{
    /// <summary>The map that is checked.</summary>
    public const string Explained = "explained";

    /// <summary>The map of networks with random weights.</summary>
    public const string RandomWeights = "random weights";

    /// <summary>A number drawn for each cell.</summary>
    public const string Chance = "chance";

    /// <summary>The share of tissue under each cell.</summary>
    public const string Tissue = "tissue";

    /// <summary>From which share of it on a cell is of the region.</summary>
    public const double LeastShare = 0.5;

    private readonly List<MapOverlap> _rows = [];

    /// <summary>Gets what was measured: a row a slide and map.</summary>
    public IReadOnlyList<MapOverlap> Rows => _rows;

    /// <summary>Takes in a slide.</summary>
    /// <param name="map">The map that is checked.</param>
    /// <param name="patient">Whose slide it is.</param>
    /// <param name="tissue">The share of tissue under each cell of the grid, row by row.</param>
    /// <param name="region">The share of the region in each cell of the map, in their order; null where no region is known.</param>
    /// <param name="randomWeights">The same map of networks with random weights; null where it is not asked for.</param>
    public void Add(
        HeatMap map,
        string patient,
        IReadOnlyList<float> tissue,
        IReadOnlyList<double>? region,
        HeatMap? randomWeights
    )
    {
        var cells = map.Cells.ToArray();
        double[] Of(Func<GridCell, double> value) => [.. cells.Select(value)];
        var explained = Of(cell => map.At(cell));
        bool[]? inRegion = region is null ? null : [.. region.Select(share => share >= LeastShare)];
        var random = seed.For($"random map {map.Slide}");
        Measure(Explained, explained, null);
        if (randomWeights is not null)
            Measure(RandomWeights, Of(cell => randomWeights.At(cell)), explained);
        Measure(Chance, Of(_ => random.NextDouble()), explained);
        Measure(Tissue, Of(cell => tissue[(cell.Row * map.Columns) + cell.Column]), explained);

        void Measure(string name, double[] values, double[]? other)
        {
            var both = inRegion is not null && inRegion.Contains(true) && inRegion.Contains(false);
            _rows.Add(
                new(
                    map.Slide,
                    patient,
                    name,
                    cells.Length,
                    inRegion?.Count(one => one),
                    both ? RocCurve.Area(values, inRegion) : null,
                    both ? Jaccard(values, inRegion!) : null,
                    other is not null && Varies(values) && Varies(other) ? Correlation.Spearman(values, other) : null
                )
            );
        }
    }

    /// <summary>Writes a row a slide and map.</summary>
    /// <param name="path">The file that comes to be, whole or not at all.</param>
    public void Write(string path) =>
        CsvTable.Write(
            path,
            ["slide", "patient", "map", "cells", "region_cells", "auc", "jaccard", "rank_correlation"],
            _rows.Select(row =>
                (IReadOnlyList<object?>)
                    [
                        row.Slide,
                        row.Patient,
                        row.Map,
                        row.Cells,
                        row.RegionCells,
                        row.Auc,
                        row.Jaccard,
                        row.RankCorrelation,
                    ]
            )
        );

    /// <summary>
    /// The means over slides with 95 % intervals by resampling whole patients, and those of the paired differences of the map that is checked from each
    /// other; a line a map and measure. A measure that fewer than two patients have is left out.
    /// </summary>
    public IReadOnlyList<MapOverlapMean> Means()
    {
        var maps = _rows.GroupBy(row => row.Map, StringComparer.Ordinal).ToArray();
        List<MapOverlapMean> means = [];
        foreach (var (measure, of) in Measures)
        {
            foreach (var map in maps)
            {
                var rows = map.Where(row => of(row) is not null).ToArray();
                if (Mean(rows, of) is { } estimate)
                    means.Add(new(map.Key, measure, estimate, Patients(rows)));
            }

            var first = _rows
                .Where(row => row.Map is Explained && of(row) is not null)
                .ToDictionary(row => row.Slide, row => of(row)!.Value, StringComparer.Ordinal);
            foreach (var map in maps.Where(map => map.Key is not Explained))
            {
                var rows = map.Where(row => of(row) is not null && first.ContainsKey(row.Slide)).ToArray();
                if (Mean(rows, row => first[row.Slide] - of(row)) is { } estimate)
                    means.Add(new($"{Explained} - {map.Key}", measure, estimate, Patients(rows)));
            }
        }

        return means;
    }

    private static IReadOnlyList<(string Name, Func<MapOverlap, double?> Of)> Measures { get; } =
    [("auc", row => row.Auc), ("jaccard", row => row.Jaccard), ("rank_correlation", row => row.RankCorrelation)];

    private Estimate? Mean(MapOverlap[] rows, Func<MapOverlap, double?> of)
    {
        if (Patients(rows) < 2)
            return null;
        var patients = rows.Select(row => row.Patient).Distinct(StringComparer.Ordinal).ToArray();
        return Bootstrap.Percentile(
            rows.Length,
            seed.Number("overlap"),
            drawn =>
            {
                var sum = 0.0;
                foreach (var i in drawn)
                    sum += of(rows[i])!.Value;
                return sum / drawn.Length;
            },
            groups: [.. rows.Select(row => Array.IndexOf(patients, row.Patient))]
        );
    }

    private static int Patients(MapOverlap[] rows) =>
        rows.Select(row => row.Patient).Distinct(StringComparer.Ordinal).Count();

    private static double Jaccard(double[] values, bool[] region)
    {
        var threshold = Quantiles.Of([.. values.Order()], HeatMapGeoJson.HotShare);
        int both = 0,
            either = 0;
        for (var i = 0; i < values.Length; i++)
        {
            both += values[i] >= threshold && region[i] ? 1 : 0;
            either += values[i] >= threshold || region[i] ? 1 : 0;
        }

        return both / (double)either;
    }

    private static bool Varies(double[] values) => values.AsSpan().ContainsAnyExcept(values[0]);
}
