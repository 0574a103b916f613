using Histonic.Slides;
using Histonic.Slides.Reading;
using Histonic.Slides.Synthetic;
using Histonic.Tests.Support;
using NetVips;

namespace Histonic.Tests.Slides.Synthetic;

public sealed class PyramidWriterTests
{
    [Fact]
    public void Levels_are_pages_by_halves_with_the_pixel_size_as_resolution()
    {
        using var folder = new TemporaryFolder();
        var pixels = new byte[1100 * 700 * 3];
        for (var i = 0; i < pixels.Length; i++)
            pixels[i] = (byte)((i / 3 % 1100) / 5);
        PyramidWriter.Write(folder["s.tif"], new RgbImage(1100, 700, pixels), new Microns(0.25), 95);

        (int Width, int Height)[] levels = [(1100, 700), (550, 350), (275, 175), (137, 87)];
        using (var first = Image.NewFromFile(folder["s.tif"]))
        {
            Assert.Equal(levels.Length, (int)first.Get("n-pages"));
            Assert.Equal("cm", (string)first.Get("resolution-unit"));
            Assert.Equal(4000, first.Xres, 1e-6); // pixels per millimetre
            var read = first.WriteToMemory<byte>();
            Assert.True(read.Zip(pixels, (a, b) => Math.Abs(a - b)).Average() < 1);
        }

        for (var page = 0; page < levels.Length; page++)
        {
            using var level = Image.Tiffload(folder["s.tif"], page: page);
            Assert.Equal(levels[page], (level.Width, level.Height));
        }
    }

    [Fact]
    public void A_place_that_cannot_be_written_is_named()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["file"], "");
        var path = Path.Combine(folder["file"], "s.tif");
        var error = Assert.Throws<InputException>(() =>
            PyramidWriter.Write(path, new RgbImage(8, 8, new byte[192]), new Microns(0.5), 90)
        );
        Assert.Contains("s.tif", error.Message, StringComparison.Ordinal);
    }
}
