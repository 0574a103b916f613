using Histonic.Slides;
using Histonic.Slides.Reading;
using Histonic.Tests.Support;
using NetVips;

namespace Histonic.Tests.Slides.Reading;

public sealed class PyramidCopyTests
{
    [Theory]
    [InlineData("strips.tif")]
    [InlineData("picture.png")]
    [InlineData("picture.jpg")]
    public void A_slide_that_gives_its_pixels_in_order_is_copied_with_its_size_and_its_levels(string name)
    {
        using var folder = new TemporaryFolder();
        using var slide = SlideReader.Open(Write(folder[name], 1400, 900));
        List<double> shares = [];

        PyramidCopy.Write(slide, folder["copy.tif"], shares.Add, TestContext.Current.CancellationToken);

        using var copy = SlideReader.Open(folder["copy.tif"]);
        Assert.Equal(
            [(1400, 900), (700, 450), (350, 225)],
            copy.Levels.Take(3).Select(level => (level.Width, level.Height))
        );
        Assert.All(copy.Levels, level => Assert.Equal((256, 256), (level.TileWidth, level.TileHeight)));
        Assert.Equal(slide.PixelSize?.Value.Value, copy.PixelSize?.Value.Value);
        Assert.NotEmpty(shares);
        Assert.All(shares, share => Assert.InRange(share, 0, 1));
        var (own, copied) = (new byte[300 * 200 * 3], new byte[300 * 200 * 3]);
        slide.ReadRegion(0, 700, 500, 300, 200, own);
        copy.ReadRegion(0, 700, 500, 300, 200, copied);
        Assert.True(own.Zip(copied, (a, b) => Math.Abs(a - b)).Average() < 3);
        // nor has every slide one
        Assert.False(PyramidCopy.Helps(copy));
    }

    [Fact]
    public void It_helps_large_slides_whose_tiles_cannot_be_read_in_any_order()
    {
        using var folder = new TemporaryFolder();
        foreach (
            var (name, side, isTiled, helps) in new[]
            {
                ("a", 6000, false, true),
                ("b", 6000, true, false),
                ("c", 5000, false, false),
            }
        )
        {
            using var slide = SlideReader.Open(WriteBlack(folder[$"{name}.tif"], side, isTiled));
            Assert.Equal(helps, PyramidCopy.Helps(slide));
        }
    }

    [Fact]
    public void What_is_stopped_or_damaged_leaves_no_file()
    {
        using var folder = new TemporaryFolder();
        var path = WriteBlack(folder["a.tif"], 6000, false);
        using var stop = new CancellationTokenSource();
        using (var slide = SlideReader.Open(path))
            Assert.ThrowsAny<OperationCanceledException>(() =>
                PyramidCopy.Write(slide, folder["copy.tif"], _ => stop.Cancel(), stop.Token)
            );

        var bytes = File.ReadAllBytes(path);
        // libvips writes the directory behind the pixels
        Array.Fill(bytes, (byte)0xA5, bytes.Length / 4, bytes.Length / 8);
        File.WriteAllBytes(path, bytes);
        using (var slide = SlideReader.Open(path))
        {
            var error = Assert.Throws<InputException>(() =>
                PyramidCopy.Write(slide, folder["copy.tif"], _ => { }, TestContext.Current.CancellationToken)
            );
            Assert.StartsWith(path, error.Message, StringComparison.Ordinal);
        }

        Assert.Equal([path], Directory.GetFiles(folder.Path));
    }

    /// <summary>Soft colours, for JPEG keeps those.</summary>
    private static string Write(string path, int width, int height)
    {
        using var across = Image.Xyz(width, height);
        using var soft = (across * new[] { 255.0 / width, 255.0 / height }).Cast(Enums.BandFormat.Uchar);
        using var picture = soft.Bandjoin(soft.ExtractBand(0)).Copy(interpretation: Enums.Interpretation.Srgb);
        if (path.EndsWith("tif", StringComparison.Ordinal))
            picture.Tiffsave(
                path,
                compression: Enums.ForeignTiffCompression.Lzw,
                resunit: Enums.ForeignTiffResunit.Cm,
                xres: 2000,
                yres: 2000
            );
        else
            picture.WriteToFile(path);
        return path;
    }

    private static string WriteBlack(string path, int side, bool isTiled)
    {
        using var black = Image.Black(side, side, bands: 3).Copy(interpretation: Enums.Interpretation.Srgb);
        black.Tiffsave(path, compression: Enums.ForeignTiffCompression.Deflate, tile: isTiled);
        return path;
    }
}
