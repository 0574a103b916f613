using Histonic.Reports.HeatMaps;
using Histonic.Slides.Grids;
using Histonic.Slides.Reading;
using Histonic.Slides.Tiling;
using Histonic.Tests.Support;

namespace Histonic.Tests.Reports.HeatMaps;

public sealed class HeatMapPictureTests
{
    // 600 × 400 level-0 pixels; 6 × 4 cells of 100; a thumbnail of 60 × 40, so that a cell is 10 × 10 pixels
    private static readonly GridGeometry _geometry = Lattices.SideBySide(600, 400, 0.25, 50, downsample: 2);

    private static readonly RgbImage _grey = new(60, 40, [.. Enumerable.Repeat((byte)200, 60 * 40 * 3)]);

    [Fact]
    public void A_hot_cell_is_hottest_at_its_own_pixels()
    {
        var values = new float[24];
        values[(1 * 6) + 4] = 1; // row 1, column 4: pixels 40 to 49, 10 to 19
        var picture = HeatMapPicture.Render(_grey, Map(values), opacity: 1);
        var hot = ColourMap.At(1);
        var cold = ColourMap.At(0);
        var warmest = Enumerable.Range(0, 60 * 40).OrderBy(i => Distance(At(picture, i % 60, i / 60), hot)).First();
        Assert.InRange(warmest % 60, 44, 45);
        Assert.InRange(warmest / 60, 14, 15);
        Assert.Equal(ColourMap.At(0.95 * 0.95), At(picture, 44, 14)); // half a pixel from the cell's centre
        Assert.Equal(cold, At(picture, 5, 5));
        Assert.Equal(cold, At(picture, 44, 35));
        Assert.Equal(cold, At(picture, 14, 14));
    }

    [Fact]
    public void Where_there_is_no_tissue_the_slide_stays_as_it_is()
    {
        var values = Enumerable.Range(0, 24).Select(i => i % 6 < 3 ? float.NaN : i).ToArray();
        var picture = HeatMapPicture.Render(_grey, Map(values), opacity: 0.5);
        for (var y = 0; y < 40; y++)
        {
            for (var x = 0; x < 30; x++)
                Assert.Equal(((byte)200, (byte)200, (byte)200), At(picture, x, y));
            Assert.NotEqual(((byte)200, (byte)200, (byte)200), At(picture, 30, y));
        }
    }

    [Fact]
    public void Opacity_mixes_slide_and_colour()
    {
        var values = Enumerable.Repeat(2f, 24).ToArray();
        var (r, g, b) = ColourMap.At(0);
        var half = At(HeatMapPicture.Render(_grey, Map(values), opacity: 0.5), 30, 20);
        Assert.Equal(
            ((byte)Math.Round((200 + r) / 2.0), (byte)Math.Round((200 + g) / 2.0), (byte)Math.Round((200 + b) / 2.0)),
            half
        );
    }

    [Fact]
    public void A_map_without_values_is_the_thumbnail() =>
        Assert.Equal(_grey.Pixels, HeatMapPicture.Render(_grey, Map([.. Enumerable.Repeat(float.NaN, 24)])).Pixels);

    [Fact]
    public void A_margin_narrower_than_a_cell_shifts_nothing()
    {
        // 650 pixels wide: the lattice still starts at the left edge, and 50 pixels at the right have no cell
        var geometry = _geometry with
        {
            Level0Width = 650,
        };
        var thumbnail = new RgbImage(65, 40, [.. Enumerable.Repeat((byte)200, 65 * 40 * 3)]);
        var values = Enumerable.Repeat(float.NaN, 24).ToArray();
        values[5] = 1;
        var picture = HeatMapPicture.Render(thumbnail, new HeatMap("s", geometry, 4, 6, values), opacity: 1);
        Assert.NotEqual((byte)200, At(picture, 50, 5).R);
        Assert.NotEqual((byte)200, At(picture, 59, 5).R);
        Assert.Equal((byte)200, At(picture, 49, 5).R);
        Assert.Equal((byte)200, At(picture, 61, 5).R);
    }

    private static HeatMap Map(float[] values) => new("s", _geometry, 4, 6, values);

    private static (byte R, byte G, byte B) At(RgbImage picture, int x, int y)
    {
        var at = ((y * picture.Width) + x) * 3;
        return (picture.Pixels[at], picture.Pixels[at + 1], picture.Pixels[at + 2]);
    }

    private static int Distance((byte R, byte G, byte B) a, (byte R, byte G, byte B) b) =>
        Math.Abs(a.R - b.R) + Math.Abs(a.G - b.G) + Math.Abs(a.B - b.B);
}
