using CsCheck;
using Histonic.Slides.Reading;
using Histonic.Tests.Support;

namespace Histonic.Tests.Slides.Reading;

public sealed class DeepZoomPyramidTests
{
    [Fact]
    public void A_level_that_the_slide_has_is_read_pixel_by_pixel()
    {
        using var folder = new TemporaryFolder();
        using var slide = SlideReader.Open(
            TestSlides.WriteTiff(folder["a.tif"], TestSlides.Pattern(640, 512), pyramid: true)
        );
        var pyramid = new DeepZoomPyramid(slide);

        Assert.True(slide.Levels.Count > 2);
        foreach (var own in slide.Levels)
        {
            var level = pyramid.MaxLevel - (int)Math.Log2(own.Downsample);
            Assert.Equal((own.Width, own.Height), pyramid.SizeOf(level));
            for (var row = 0; row * 256 < own.Height; row++)
            for (var column = 0; column * 256 < own.Width; column++)
            {
                var tile = pyramid.ReadTile(level, column, row);
                var expected = new byte[tile.Width * tile.Height * 3];
                slide.ReadRegion(own.Index, column * 256, row * 256, tile.Width, tile.Height, expected);
                Assert.Equal(expected, tile.Pixels);
            }
        }
    }

    [Fact]
    public void Levels_between_are_the_means_of_the_pixels_under_each_of_theirs()
    {
        var picture = TestSlides.Pattern(700, 532);
        using var folder = new TemporaryFolder();
        using var slide = SlideReader.Open(TestSlides.WriteTiff(folder["a.tif"], picture));
        var pyramid = new DeepZoomPyramid(slide);

        foreach (var factor in new[] { 2, 4, 32 })
        {
            var level = pyramid.MaxLevel - (int)Math.Log2(factor);
            var (width, height) = pyramid.SizeOf(level);
            for (var row = 0; row * 256 < height; row++)
            for (var column = 0; column * 256 < width; column++)
            {
                var tile = pyramid.ReadTile(level, column, row);
                for (var i = 0; i < tile.Width * tile.Height; i++)
                {
                    var (y, x) = ((row * 256) + (i / tile.Width), (column * 256) + (i % tile.Width));
                    for (var band = 0; band < 3; band++)
                        Assert.Equal(
                            Mean(picture, x * factor, y * factor, factor, band),
                            tile.Pixels[(i * 3) + band],
                            1.01
                        );
                }
            }
        }
    }

    [Fact]
    public void The_tiles_of_a_level_cover_it_once_and_there_are_no_others() =>
        Gen.Select(Gen.Int[1, 3000], Gen.Int[1, 3000])
            .Sample(
                (width, height) =>
                {
                    using var slide = new BlankSlide(width, height);
                    var pyramid = new DeepZoomPyramid(slide);
                    Assert.Equal((1, 1), pyramid.SizeOf(0));
                    Assert.Equal((width, height), pyramid.SizeOf(pyramid.MaxLevel));
                    for (var level = 0; level <= pyramid.MaxLevel; level++)
                    {
                        var size = pyramid.SizeOf(level);
                        var (columns, rows) = ((size.Width + 255) / 256, (size.Height + 255) / 256);
                        Assert.True(pyramid.Contains(level, columns - 1, rows - 1));
                        Assert.False(pyramid.Contains(level, columns, 0));
                        Assert.False(pyramid.Contains(level, 0, rows));
                        var last = pyramid.ReadTile(level, columns - 1, rows - 1);
                        Assert.Equal(size, (((columns - 1) * 256) + last.Width, ((rows - 1) * 256) + last.Height));
                    }

                    Assert.False(pyramid.Contains(pyramid.MaxLevel + 1, 0, 0));
                    Assert.False(pyramid.Contains(-1, 0, 0));
                },
                iter: 60
            );

    private static double Mean(RgbImage picture, int left, int top, int side, int band)
    {
        double sum = 0;
        var count = 0;
        for (var y = top; y < Math.Min(top + side, picture.Height); y++)
        for (var x = left; x < Math.Min(left + side, picture.Width); x++, count++)
            sum += picture.Pixels[(((y * picture.Width) + x) * 3) + band];
        return sum / count;
    }

    private sealed class BlankSlide(int width, int height) : ISlide
    {
        public string Path => "blank";

        public string Name => "blank";

        public string Format => "blank";

        public IReadOnlyList<SlideLevel> Levels { get; } = [new(0, width, height, 1, width, height, "none")];

        public PixelSize? PixelSize => null;

        public double? Objective => null;

        public IReadOnlyList<string> AssociatedImages => [];

        public void ReadRegion(int level, int x, int y, int width, int height, Span<byte> rgb) => rgb.Fill(255);

        public RgbImage ReadAssociated(string name) => throw new NotSupportedException();

        public RgbImage ReadShrunk(double downsample)
        {
            var (columns, rows) = (
                (int)Math.Ceiling(Levels[0].Width / downsample),
                (int)Math.Ceiling(Levels[0].Height / downsample)
            );
            return new RgbImage(columns, rows, new byte[columns * rows * 3]);
        }

        public void Dispose() { }
    }
}
