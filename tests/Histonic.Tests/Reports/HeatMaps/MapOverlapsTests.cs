using Histonic.Reports.HeatMaps;
using Histonic.Slides;
using Histonic.Slides.Grids;
using Histonic.Tests.Support;

namespace Histonic.Tests.Reports.HeatMaps;

public sealed class MapOverlapsTests
{
    private static readonly double[] _region = [1, 0.6, 0.5, 0.4, 0, 0, 0, 0];

    [Fact]
    public void Overlap_is_counted_among_cells_with_tissue()
    {
        var overlaps = new MapOverlaps(new Seed(1));
        // of the third cell in the region, 0.3, only two of five others are below
        var map = Map("a", 9, 8, 0.3f, 7, 1, 0.5f, 0.2f, 0.1f);
        var reversed = Map("a", -9, -8, -0.3f, -7, -1, -0.5f, -0.2f, -0.1f);

        overlaps.Add(map, "p", [.. Enumerable.Repeat(1f, 9)], _region, reversed);

        var explained = overlaps.Rows.Single(row => row.Map is MapOverlaps.Explained);
        Assert.Equal(("a", "p", 8, 3), (explained.Slide, explained.Patient, explained.Cells, explained.RegionCells));
        Assert.Equal((5 + 5 + 2) / 15.0, explained.Auc!.Value, 1e-12);
        // numpy.quantile(values, 0.75) = 7.25: two cells are hot, both of the region
        Assert.Equal(2 / 3.0, explained.Jaccard!.Value, 1e-12);
        Assert.Null(explained.RankCorrelation);
        var random = overlaps.Rows.Single(row => row.Map is MapOverlaps.RandomWeights);
        Assert.Equal(3 / 15.0, random.Auc!.Value, 1e-12);
        Assert.Equal(-1, random.RankCorrelation!.Value, 1e-12);
        // all tissue alike: nothing is told from anything, and all is hot
        var tissue = overlaps.Rows.Single(row => row.Map is MapOverlaps.Tissue);
        Assert.Equal(0.5, tissue.Auc);
        Assert.Equal(3 / 8.0, tissue.Jaccard);
        Assert.Null(tissue.RankCorrelation);
    }

    [Fact]
    public void A_slide_without_the_region_has_no_overlap_and_a_run_without_truth_neither()
    {
        var overlaps = new MapOverlaps(new Seed(1));
        var map = Map("a", 1, 2, 3, 4, 5, 6, 7, 8);

        overlaps.Add(map, "p", new float[9], new double[8], null);
        overlaps.Add(map with { Slide = "b" }, "q", new float[9], null, map);

        Assert.All(overlaps.Rows, row => Assert.True(row is { Auc: null, Jaccard: null }));
        Assert.Equal(new int?[] { 0, 0, 0, null, null, null, null }, overlaps.Rows.Select(row => row.RegionCells));
        Assert.DoesNotContain(overlaps.Means(), mean => mean.Measure is "auc");
    }

    [Fact]
    public void Means_are_over_slides_and_intervals_over_patients()
    {
        // five patients whose four slides are alike: as slides they would be twenty
        var (clustered, apart) = (new MapOverlaps(new Seed(1)), new MapOverlaps(new Seed(1)));
        for (var i = 0; i < 20; i++)
        {
            var worse = i / 4;
            var map = Map($"s{i}", 9, 8, 7 - worse, 6.5f, 5.5f, 4.5f, 3.5f, 2.5f);
            clustered.Add(map, $"p{worse}", new float[9], _region, null);
            apart.Add(map, $"s{i}", new float[9], _region, null);
        }

        var auc = Explained(clustered);
        Assert.Equal((20, 5), (auc.Estimate.N, auc.Patients));
        Assert.Equal(1 - (2 / 15.0), auc.Estimate.Value, 1e-12);
        Assert.InRange(auc.Estimate.Value, auc.Estimate.Low, auc.Estimate.High);
        var narrow = Explained(apart).Estimate;
        Assert.True(auc.Estimate.High - auc.Estimate.Low > 1.5 * (narrow.High - narrow.Low));

        // a difference is of the same slides
        var means = clustered.Means();
        double Value(string name) =>
            means
                .Single(mean => mean.Measure is "auc" && string.Equals(mean.Map, name, StringComparison.Ordinal))
                .Estimate.Value;
        Assert.Equal(
            Value(MapOverlaps.Explained) - Value(MapOverlaps.Chance),
            Value($"{MapOverlaps.Explained} - {MapOverlaps.Chance}"),
            1e-12
        );

        static MapOverlapMean Explained(MapOverlaps overlaps) =>
            overlaps.Means().Single(mean => mean is { Map: MapOverlaps.Explained, Measure: "auc" });
    }

    // 3 × 3 cells, of which the last has no tissue
    private static HeatMap Map(string slide, params float[] values) =>
        new(slide, Lattices.SideBySide(300, 300, 0.5, 100), 3, 3, [.. values, float.NaN]);
}
