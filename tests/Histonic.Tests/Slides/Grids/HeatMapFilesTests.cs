using System.Text.Json;
using Histonic.Slides.Grids;
using Histonic.Tests.Support;
using NetVips;

namespace Histonic.Tests.Slides.Grids;

public sealed class HeatMapFilesTests : IDisposable
{
    // 610 × 400 level-0 pixels; 6 × 4 cells of 100; the second column holds no tissue
    private static readonly HeatMap _map = new(
        "s",
        Lattices.SideBySide(610, 400, 0.25, 50, downsample: 2),
        4,
        6,
        [.. Enumerable.Range(0, 24).Select(i => i % 6 == 1 ? float.NaN : i / 23f)]
    )
    {
        Spread = [.. Enumerable.Repeat(0.125f, 24)],
        SymmetrySpread = [.. Enumerable.Repeat(0.25f, 24)],
    };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_quantile_is_numpys()
    {
        // numpy.quantile([i / 23 for i in range(24) if i % 6 != 1], [0, 0.3, 0.75, 1]) in single precision
        Assert.Equal(0, _map.Quantile(0), 1e-7);
        Assert.Equal(0.32173913043478264, _map.Quantile(0.3), 1e-7);
        Assert.Equal(0.7500000000000000, _map.Quantile(0.75), 1e-7);
        Assert.Equal(1, _map.Quantile(1), 1e-7);
        Assert.True(double.IsNaN((_map with { Values = [float.NaN] }).Quantile(0.5)));
    }

    [Fact]
    public void QuPath_is_given_a_tile_a_cell_and_the_hottest_quarter_as_annotations()
    {
        HeatMapGeoJson.Write(_folder["s.geojson"], _map, "Grad-CAM");

        using var json = JsonDocument.Parse(File.ReadAllText(_folder["s.geojson"]));
        Assert.Equal("FeatureCollection", json.RootElement.GetProperty("type").GetString());
        var features = json.RootElement.GetProperty("features").EnumerateArray().ToList();
        var tiles = features.Where(one => Type(one) is "tile").ToList();
        Assert.Equal(20, tiles.Count);
        Assert.All(features, one => Assert.Equal(3, Of(one, "classification").GetProperty("color").GetArrayLength()));
        var last = tiles[^1];
        Assert.Equal(1, Of(last, "measurements").GetProperty("Value").GetDouble(), 1e-6);
        Assert.Equal(0.125, Of(last, "measurements").GetProperty("Spread").GetDouble());
        Assert.Equal([(500, 300), (600, 300), (600, 400), (500, 400), (500, 300)], Ring(last));

        // at least 0.75: cells 18 and 20 to 23, of which 18 and 20 are not neighbours
        var hot = features.Where(one => Type(one) is "annotation").ToList();
        Assert.Equal([1, 4], hot.Select(one => Of(one, "measurements").GetProperty("Cells").GetInt32()).Order());
        Assert.All(hot, one => Assert.Equal("Grad-CAM", Of(one, "classification").GetProperty("name").GetString()));
        Assert.Contains((200.0, 300.0), Ring(hot.Single(one => Ring(one).Any(point => point.X == 600))));

        // all alike: nothing is hotter than the rest
        HeatMapGeoJson.Write(_folder["t.geojson"], _map with { Values = [.. Enumerable.Repeat(1f, 24)] }, "Grad-CAM");
        using var alike = JsonDocument.Parse(File.ReadAllText(_folder["t.geojson"]));
        Assert.All(alike.RootElement.GetProperty("features").EnumerateArray(), one => Assert.Equal("tile", Type(one)));
    }

    [Fact]
    public async Task An_independent_reader_finds_QuPaths_rules_kept()
    {
        // values of both signs, holes, pieces that touch at corners, and a slide that OpenSlide crops to bounds far from its corner
        var random = new Random(2);
        var map = new HeatMap(
            "s",
            Lattices.SideBySide(2040, 1530, 0.25, 50, downsample: 2) with
            {
                BoundsCorner = (81_920, 40_960),
            },
            15,
            20,
            [.. Enumerable.Range(0, 300).Select(i => i % 11 == 3 ? float.NaN : (float)(random.NextDouble() - 0.5))]
        )
        {
            Spread = [.. Enumerable.Repeat(0.125f, 299), float.NaN],
            SymmetrySpread = [.. Enumerable.Repeat(0.25f, 300)],
        };
        HeatMapGeoJson.Write(_folder["s.geojson"], map, "Occlusion, high");

        using var found = JsonDocument.Parse(
            await Python.RunAsync("read_qupath.py", _folder["s.geojson"], "2040", "1530")
        );

        var cells = map.Cells.Count();
        var hot = map.Cells.Count(cell => map.At(cell) >= map.Quantile(HeatMapGeoJson.HotShare));
        var root = found.RootElement;
        Assert.Equal(cells, root.GetProperty("types").GetProperty("tile").GetInt32());
        Assert.InRange(root.GetProperty("types").GetProperty("annotation").GetInt32(), 2, hot);
        Assert.Equal(cells * 1e4, root.GetProperty("area").GetProperty("tile").GetDouble(), 1e-6);
        Assert.Equal(hot * 1e4, root.GetProperty("area").GetProperty("annotation").GetDouble(), 1e-6);
        // from the corner of the bounds, which is where QuPath counts from
        Assert.Equal([0, 0], Numbers("least"));
        Assert.Equal([2000, 1500], Numbers("most"));
        Assert.Equal(["Histonic", "Occlusion, high"], Words("classes"));
        Assert.Equal(
            ["Cells", "Column", "Row", "Spread", "Spread over symmetries", "Threshold", "Value"],
            Words("measurements")
        );

        IEnumerable<double> Numbers(string name) =>
            root.GetProperty(name).EnumerateArray().Select(one => one.GetDouble());
        IEnumerable<string?> Words(string name) =>
            root.GetProperty(name).EnumerateArray().Select(one => one.GetString());
    }

    [Fact]
    public void The_table_has_the_spreads_that_are_known()
    {
        HeatMapFile.Write(_folder["s.csv"], _map);
        Assert.Equal(
            ["row,column,x,y,value,spread,spread_symmetries", "0,0,0,0,0,0.125,0.25"],
            File.ReadLines(_folder["s.csv"]).Take(2)
        );

        HeatMapFile.Write(_folder["t.csv"], _map with { Spread = null, SymmetrySpread = null });
        Assert.Equal(["row,column,x,y,value", "0,0,0,0,0"], File.ReadLines(_folder["t.csv"]).Take(2));
    }

    [Fact]
    public void The_tiff_holds_the_values_and_the_side_of_a_cell()
    {
        HeatMapTiff.Write(_folder["s.tiff"], _map);

        using var image = Image.NewFromFile(_folder["s.tiff"]);
        Assert.Equal((6, 4, 1, Enums.BandFormat.Float), (image.Width, image.Height, image.Bands, image.Format));
        Assert.Equal(40, image.Xres, 1e-3); // cells of 25 µm: 40 a millimetre
        Assert.Equal(_map.Values.Select(value => float.IsNaN(value) ? 0 : value), image.WriteToMemory<float>());
    }

    private static JsonElement Of(JsonElement feature, string property) =>
        feature.GetProperty("properties").GetProperty(property);

    private static string? Type(JsonElement feature) => Of(feature, "objectType").GetString();

    private static List<(double X, double Y)> Ring(JsonElement feature) =>
        [
            .. feature
                .GetProperty("geometry")
                .GetProperty("coordinates")[0]
                .EnumerateArray()
                .Select(point => (point[0].GetDouble(), point[1].GetDouble())),
        ];
}
