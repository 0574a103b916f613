using Histonic.Slides;
using Histonic.Slides.Reading;

namespace Histonic.Tests.Slides.Reading;

public sealed class SlideLayoutTests
{
    /// <summary>The pages of CMU-1.svs, OpenSlide's test slide, as tiffinfo shows them.</summary>
    [Fact]
    public void Aperio_pages_are_told_apart_as_levels_thumbnail_label_and_macro()
    {
        const string Head = "Aperio Image Library v10.0.51\r\n46920x33014 [0,100 46000x32914] ";

        var layout = SlideLayout.Of(
            "a.svs",
            [
                Page(0, 46000, 32914, 240, Head + "(240x240) JPEG/RGB Q=30|AppMag = 20|MPP = 0.4990"),
                Page(1, 1024, 732, 0, Head + "-> 1024x732 - |AppMag = 20"),
                Page(2, 11500, 8228, 240, Head + "(240x240) -> 11500x8228 JPEG/RGB Q=65"),
                Page(3, 2875, 2057, 240, Head + "(240x240) -> 2875x2057 JPEG/RGB Q=65"),
                Page(4, 387, 463, 0, "Aperio Image Library v10.0.51\r\nlabel 387x463"),
                Page(5, 1280, 431, 0, "Aperio Image Library v10.0.51\r\nmacro 1280x431"),
            ]
        );

        Assert.Equal("Aperio SVS", layout.Format);
        Assert.Equal([0, 2, 3], layout.Levels.Select(level => level.Page));
        Assert.Equal(
            [("thumbnail", 1), ("label", 4), ("macro", 5)],
            layout.Associated.Select(pair => (pair.Key, pair.Value.Page))
        );
    }

    [Fact]
    public void Pages_of_another_shape_are_no_levels()
    {
        var layout = SlideLayout.Of(
            "a.tif",
            [
                Page(0, 4000, 3000, 256, ""),
                Page(1, 2000, 1500, 256, ""),
                Page(2, 900, 900, 256, "Macro"),
                Page(3, 1000, 750, 0, ""),
            ]
        );

        Assert.Equal([0, 1, 3], layout.Levels.Select(level => level.Page));
        Assert.Equal(["macro"], layout.Associated.Keys);
    }

    [Fact]
    public void Formats_that_libvips_would_read_wrongly_are_openslides()
    {
        var page = Page(0, 4000, 3000, 256, "");

        Assert.Null(SlideLayout.OpenSlideFormatOf([page]));
        Assert.Contains(
            "NDPI",
            SlideLayout.OpenSlideFormatOf([page with { IsHamamatsu = true }]),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "BIF",
            SlideLayout.OpenSlideFormatOf([page, page with { IsVentana = true }]),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "SCN",
            SlideLayout.OpenSlideFormatOf([page with { Description = "<?xml?><scn>" }]),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "Philips",
            SlideLayout.OpenSlideFormatOf([page with { Software = "Philips DP v1.0" }]),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "2000",
            SlideLayout.OpenSlideFormatOf([page with { Compression = 33005 }]),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("SizeC=\"4\"", "has 4 channels")]
    [InlineData("SizeC=\"3\"", null)]
    public void Grey_pages_of_an_ome_tiff_are_three_colours_or_refused(string size, string? finding)
    {
        var page = Page(
            0,
            4000,
            3000,
            256,
            $"<OME><Image><Pixels DimensionOrder=\"XYCZT\" {size} SizeZ=\"1\" SizeT=\"1\"/></Image></OME>"
        );

        if (finding is null)
            Assert.Equal(
                [0, 1, 2],
                SlideLayout.Of("a.ome.tif", [page, page with { Page = 1 }, page with { Page = 2 }]).Planes
            );
        else
            Assert.Contains(
                finding,
                Assert.Throws<InputException>(() => SlideLayout.Of("a.ome.tif", [page])).Message,
                StringComparison.Ordinal
            );
    }

    /// <summary>The order of planes as the OME-TIFF specification has it, for channels 0 to 2 at the first focus and time.</summary>
    [Theory]
    [InlineData("XYCZT", "", "0 1 2")]
    [InlineData("XYZCT", "", "0 5 10")]
    [InlineData("XYTZC", "", "0 10 20")]
    [InlineData("XYCZT", "<TiffData IFD=\"3\" PlaneCount=\"3\"/>", "3 4 5")]
    [InlineData(
        "XYCZT",
        "<TiffData FirstC=\"2\" IFD=\"0\"/><TiffData FirstC=\"1\" IFD=\"1\"/><TiffData FirstC=\"0\" IFD=\"7\"/><TiffData FirstZ=\"1\" IFD=\"9\"/>",
        "7 1 0"
    )]
    public void An_ome_description_tells_the_page_of_each_channel(string order, string data, string pages) =>
        Assert.Equal(
            pages,
            string.Join(
                ' ',
                OmeDescription
                    .Of(
                        $"<OME><Image><Pixels DimensionOrder=\"{order}\" SizeC=\"3\" SizeZ=\"5\" SizeT=\"2\">{data}</Pixels></Image></OME>"
                    )!
                    .Pages
            )
        );

    private static TiffDirectory Page(int page, int width, int height, int tile, string description) =>
        new()
        {
            Page = page,
            Width = width,
            Height = height,
            TileWidth = tile,
            TileHeight = tile,
            Description = description,
        };
}
