using Histonic.Reports.HeatMaps;
using Histonic.Slides;
using Histonic.Slides.Grids;
using Histonic.Slides.Reading;
using Histonic.Tests.Support;

namespace Histonic.Tests.Reports.HeatMaps;

public sealed class ExtremePatchesTests
{
    private static readonly HeatMap _map = new(
        "s",
        Lattices.SideBySide(96, 64, 0.5, 32),
        2,
        3,
        [0.5f, float.NaN, 0.9f, 0.1f, 0.9f, 0.2f]
    );

    [Fact]
    public void The_greatest_and_the_least_are_found_and_none_twice()
    {
        var two = ExtremePatches.Of(_map, 2);
        Assert.Equal([new GridCell(0, 2), new GridCell(1, 1)], two.Top);
        Assert.Equal([new GridCell(1, 0), new GridCell(1, 2)], two.Bottom);

        var many = ExtremePatches.Of(_map, 4);
        Assert.Equal((4, 1), (many.Top.Count, many.Bottom.Count));
        Assert.Equal(new GridCell(1, 0), many.Bottom[0]);
    }

    [Fact]
    public void The_table_and_the_sheet_show_them_from_their_places()
    {
        using var folder = new TemporaryFolder();
        // red tells the column of the patch, green its row
        var pixels = new byte[96 * 64 * 3];
        for (var i = 0; i < 96 * 64; i++)
            (pixels[i * 3], pixels[(i * 3) + 1]) = ((byte)(i % 96 / 32 * 50), (byte)(i / 96 / 32 * 90));
        TestSlides.WriteTiff(folder["s.tif"], new RgbImage(96, 64, pixels), 0.5, pyramid: false);
        using var slide = SlideReader.Open(folder["s.tif"]);
        var extremes = ExtremePatches.Of(_map, 2);

        extremes.WriteCsv(folder["s.csv"], _map);
        var sheet = extremes.Draw(slide, _map);

        Assert.Equal(
            [
                "end,rank,row,column,x,y,value",
                "top,1,0,2,64,0,0.9",
                "top,2,1,1,32,32,0.9",
                "bottom,1,1,0,0,32,0.1",
                "bottom,2,1,2,64,32,0.2",
            ],
            File.ReadAllLines(folder["s.csv"])
        );
        Assert.Equal((6 + (2 * 38), 6 + (2 * 64)), (sheet.Width, sheet.Height));
        (byte, byte) At(int x, int y) =>
            (sheet.Pixels[((y * sheet.Width) + x) * 3], sheet.Pixels[(((y * sheet.Width) + x) * 3) + 1]);
        Assert.Equal(((byte)100, (byte)0), At(20, 20));
        Assert.Equal(((byte)50, (byte)90), At(60, 20));
        Assert.Equal(((byte)0, (byte)90), At(20, 64 + 20));
        Assert.Equal(((byte)100, (byte)90), At(60, 64 + 20));
    }
}
