using System.Text.Json;
using CsCheck;
using Histonic.Slides.Reading;
using Histonic.Slides.Tissue;
using Histonic.Tests.Support;

namespace Histonic.Tests.Slides.Tissue;

public sealed class TissueFilesTests
{
    [Fact]
    public void Outlines_hold_exactly_the_pixels_of_the_mask() =>
        Gen
            .Bool.Array[11 * 8]
            .Sample(pixels =>
            {
                var mask = new TissueMask(11, 8, 16, pixels, "test");
                var pieces = MaskOutline.Trace(mask);

                for (var i = 0; i < pixels.Length; i++)
                {
                    var holding = pieces.Count(piece => Holds(piece, (i % 11) + 0.5, (i / 11) + 0.5));
                    Assert.Equal(pixels[i] ? 1 : 0, holding);
                }

                Assert.Equal(pixels.Count(tissue => tissue), pieces.Sum(piece => piece.Area));
                // Valid polygons: no ring meets itself, and only the first ring of a piece runs clockwise.
                foreach (var piece in pieces)
                {
                    Assert.All(piece.Rings, ring => Assert.Equal(ring.Count - 1, ring.Distinct().Count()));
                    Assert.Equal([true], piece.Rings.Select(Clockwise).Where(clockwise => clockwise));
                    Assert.True(Clockwise(piece.Rings[0]));
                }
            });

    [Fact]
    public void GeoJson_lies_in_level_0_pixels_and_is_what_qupath_imports()
    {
        using var folder = new TemporaryFolder();
        using var slide = SlideReader.Open(
            TestSlides.WriteTiff(folder["a.tif"], TestSlides.Pattern(100, 90), pixelSize: 0.5)
        );
        var mask = new TissueMask(3, 2, 40, [false, true, true, false, true, true], "test");

        TissueFiles.WriteGeoJson(folder["a.geojson"], mask, slide);

        using var json = JsonDocument.Parse(File.ReadAllText(folder["a.geojson"]));
        Assert.Equal("FeatureCollection", json.RootElement.GetProperty("type").GetString());
        var feature = Assert.Single(json.RootElement.GetProperty("features").EnumerateArray());
        var properties = feature.GetProperty("properties");
        Assert.Equal("annotation", properties.GetProperty("objectType").GetString());
        Assert.Equal(3, properties.GetProperty("classification").GetProperty("color").GetArrayLength());
        Assert.Equal(
            4 * 1600 * 0.25,
            properties.GetProperty("measurements").GetProperty("Area µm^2").GetDouble(),
            1e-6
        );
        var ring = feature.GetProperty("geometry").GetProperty("coordinates")[0];
        Assert.Equal(
            [(40, 0), (100, 0), (100, 80), (40, 80), (40, 0)],
            ring.EnumerateArray().Select(point => (point[0].GetDouble(), point[1].GetDouble()))
        );
    }

    [Fact]
    public void The_png_shows_tissue_white_on_black()
    {
        using var folder = new TemporaryFolder();

        TissueFiles.WritePng(folder["a.png"], new TissueMask(2, 1, 16, [true, false], "test"));

        Assert.Equal([255, 255, 255, 0, 0, 0], PictureFile.Read(folder["a.png"]).Pixels);
    }

    private static bool Holds(MaskOutline piece, double x, double y)
    {
        var inside = false;
        foreach (var ring in piece.Rings)
        {
            for (var i = 1; i < ring.Count; i++)
            {
                var (from, to) = (ring[i - 1], ring[i]);
                if (from.X == to.X && from.X > x && from.Y > y != to.Y > y)
                    inside = !inside;
            }
        }

        return inside;
    }

    private static bool Clockwise(IReadOnlyList<(int X, int Y)> ring)
    {
        var twice = 0;
        for (var i = 1; i < ring.Count; i++)
            twice += (ring[i - 1].X * ring[i].Y) - (ring[i].X * ring[i - 1].Y);
        return twice > 0;
    }
}
