using CsCheck;
using Histonic.Slides;
using Histonic.Slides.Reading;
using Histonic.Tests.Support;
using NetVips;

namespace Histonic.Tests.Slides.Reading;

public sealed class JpegTilesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(true)] // 4:2:0, YCbCr
    [InlineData(false)] // from quality 90 on libvips stores RGB, 4:4:4
    public void Regions_are_libvips_pixels_byte_for_byte(bool subsampled)
    {
        using var raw = Smooth(700, 500);
        raw.Tiffsave(
            _folder["a.tif"],
            compression: Enums.ForeignTiffCompression.Jpeg,
            q: subsampled ? 80 : 95,
            tile: true,
            tileWidth: 128,
            tileHeight: 112
        );
        AssertEqualsVips(_folder["a.tif"]);
    }

    [Fact]
    public void The_real_slides_regions_are_libvips_pixels_byte_for_byte() =>
        AssertEqualsVips(RealData.Path("slides/CMU-1-Small-Region.svs"));

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(8)]
    public void Shrunk_tiles_are_about_the_means_of_their_pixels(int reduction)
    {
        var path = RealData.Path("slides/CMU-1-Small-Region.svs");
        using var slide = SlideReader.Open(path);
        Assert.Contains(reduction, slide.Reductions(0));
        const int Side = 480; // two tiles of 240
        var (pixels, shrunk) = (new byte[Side * Side * 3], new byte[Side / reduction * (Side / reduction) * 3]);
        slide.ReadRegion(0, 480, 960, Side, Side, pixels);

        slide.ReadReduced(0, reduction, 480 / reduction, 960 / reduction, Side / reduction, Side / reduction, shrunk);

        double difference = 0;
        for (var i = 0; i < shrunk.Length; i++)
        {
            var (pixel, colour) = Math.DivRem(i, 3);
            var (row, column) = Math.DivRem(pixel, Side / reduction);
            double sum = 0;
            for (var v = 0; v < reduction * reduction; v++)
            {
                var (y, x) = ((row * reduction) + (v / reduction), (column * reduction) + (v % reduction));
                sum += pixels[(((y * Side) + x) * 3) + colour];
            }

            difference += Math.Abs((sum / (reduction * reduction)) - shrunk[i]);
        }

        Assert.InRange(difference / shrunk.Length, 0, 1.5); // grey levels
    }

    [Fact]
    public void Whole_squares_of_pixels_are_there_and_white_lies_beyond()
    {
        TestSlides.WriteTiff(_folder["a.tif"], Flat(101, 75), jpeg: true);
        using var slide = SlideReader.Open(_folder["a.tif"]);
        var rgb = new byte[52 * 39 * 3];

        slide.ReadReduced(0, 2, 0, 0, 52, 39, rgb);

        for (var i = 0; i < rgb.Length; i++)
        {
            var (row, column) = (i / 3 / 52, i / 3 % 52);
            Assert.InRange(rgb[i], row < 37 && column < 50 ? 95 : 255, row < 37 && column < 50 ? 105 : 255);
        }
    }

    [Fact]
    public void A_marker_among_a_tiles_pixels_is_damage()
    {
        TestSlides.WriteTiff(_folder["a.tif"], TestSlides.Pattern(256, 256), jpeg: true);
        TiffTiles.DamageTile(_folder["a.tif"], level: 0, index: 6); // at (128, 64)
        using var slide = SlideReader.Open(_folder["a.tif"]);
        var rgb = new byte[64 * 64 * 3];

        var error = Assert.Throws<InputException>(() => slide.ReadRegion(0, 128, 64, 64, 64, rgb));

        Assert.Contains("at (128, 64) of level 0 cannot be decoded", error.Message, StringComparison.Ordinal);
        slide.ReadRegion(0, 64, 64, 64, 64, rgb); // its neighbour can
    }

    [Fact]
    public void What_a_level_cannot_be_divided_by_is_refused()
    {
        TestSlides.WriteTiff(_folder["a.tif"], Flat(64, 64));
        using var slide = SlideReader.Open(_folder["a.tif"]);
        Assert.Equal([1], slide.Reductions(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => slide.ReadReduced(0, 2, 0, 0, 8, 8, new byte[192]));
    }

    private static void AssertEqualsVips(string path)
    {
        using var slide = SlideReader.Open(path);
        using var image = Image.Tiffload(path);
        using var colours = image.ExtractBand(0, n: 3);
        var (width, height) = (slide.Levels[0].Width, slide.Levels[0].Height);
        Assert.Contains(2, slide.Reductions(0)); // or tiles are not decoded by us at all
        Gen.Select(Gen.Int[0, width - 1], Gen.Int[0, height - 1], Gen.Int[1, 300], Gen.Int[1, 300])
            .Sample(
                (x, y, w, h) =>
                {
                    (w, h) = (Math.Min(w, width - x), Math.Min(h, height - y));
                    var rgb = new byte[w * h * 3];
                    slide.ReadRegion(0, x, y, w, h, rgb);
                    using var region = Region.New(colours);
                    Assert.True(rgb.AsSpan().SequenceEqual(region.Fetch(x, y, w, h)), $"({x}, {y}) {w} × {h}");
                },
                iter: 40,
                threads: 2
            );
    }

    /// <summary>Colours that differ from place to place, without the sharp edges that JPEG cannot hold.</summary>
    private static Image Smooth(int width, int height)
    {
        var pixels = new byte[width * height * 3];
        for (var i = 0; i < pixels.Length; i++)
        {
            var (row, column) = (i / 3 / width, i / 3 % width);
            pixels[i] = (byte)(128 + (100 * Math.Sin((row * (1 + (i % 3)) / 31.0) + (column / 17.0))));
        }

        using var raw = Image.NewFromMemory(pixels, width, height, 3, Enums.BandFormat.Uchar);
        return raw.Copy(interpretation: Enums.Interpretation.Srgb).CopyMemory();
    }

    private static RgbImage Flat(int width, int height)
    {
        var pixels = new byte[width * height * 3];
        Array.Fill(pixels, (byte)100);
        return new RgbImage(width, height, pixels);
    }
}
