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
    public void A_format_that_would_be_read_wrongly_is_refused_by_name()
    {
        var error = Assert.Throws<InputException>(() =>
            SlideLayout.Of("a.ndpi", [Page(0, 4000, 3000, 0, "") with { IsHamamatsu = true }])
        );

        Assert.Contains("NDPI", error.Message, StringComparison.Ordinal);
    }

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
