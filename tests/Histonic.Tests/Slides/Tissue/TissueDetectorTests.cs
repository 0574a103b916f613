using Histonic.Slides;
using Histonic.Slides.Reading;
using Histonic.Slides.Tissue;
using Histonic.Tests.Support;

namespace Histonic.Tests.Slides.Tissue;

public sealed class TissueDetectorTests
{
    private static readonly (byte R, byte G, byte B) _glass = (240, 240, 242);
    private static readonly (byte R, byte G, byte B) _eosin = (225, 170, 200);
    private static readonly (byte R, byte G, byte B) _haematoxylin = (110, 70, 150);

    [Fact]
    public void Tissue_is_found_holes_are_filled_and_dirt_is_dropped()
    {
        var picture = Picture(
            (x, y) =>
                Inside(x, y, 20, 20, 60) && !Inside(x, y, 40, 40, 6) ? _eosin // tissue with a hole of 36 pixels
                : Inside(x, y, 85, 5, 5) ? _haematoxylin // dirt of 25 pixels
                : _glass
        );

        var tissue = Detect(picture, maxHole: 60, minArea: 100);

        // The median rounds a square's corners off by a pixel.
        for (var i = 0; i < tissue.Count; i++)
            Assert.True(tissue[i] == Inside(i % 100, i / 100, 20, 20, 60) || Corner(i % 100, i / 100), $"pixel {i}");
        static bool Corner(int x, int y) => x is 20 or 79 && y is 20 or 79;
    }

    [Theory]
    [InlineData(12_000, 8)] // 6 mm: 4 µm a pixel, as asked
    [InlineData(24_000, 11.71)]
    [InlineData(65_536, 31.98)]
    [InlineData(200_000, 97.6)]
    public void A_slide_too_large_for_memory_gets_a_coarser_mask(int side, double downsample)
    {
        using var slide = new BareGlass(side);

        var mask = TissueDetector.Detect(slide, new TissueOptions());

        Assert.Equal(downsample, mask.Downsample, 0.01);
        Assert.InRange(mask.Width * mask.Height, 1, MaskRaster.MostPixels + (2 * mask.Width));
    }

    [Fact]
    public void A_hole_larger_than_asked_stays()
    {
        var picture = Picture((x, y) => Inside(x, y, 20, 20, 60) && !Inside(x, y, 40, 40, 20) ? _eosin : _glass);

        Assert.False(Detect(picture, maxHole: 300, minArea: 0)[(50 * 100) + 50]);
        Assert.True(Detect(picture, maxHole: 500, minArea: 0)[(50 * 100) + 50]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void Noise_on_bare_glass_is_no_tissue(int noise)
    {
        var random = new Random(5);
        byte Noisy(int value) => (byte)(value + random.Next(-noise, noise + 1));

        var tissue = Detect(
            Picture((_, _) => (Noisy(_glass.R), Noisy(_glass.G), Noisy(_glass.B))),
            maxHole: 0,
            minArea: 0
        );

        Assert.DoesNotContain(true, tissue);
    }

    [Fact]
    public void A_slide_that_is_all_tissue_stays_tissue_though_otsu_parts_pale_from_dark()
    {
        var tissue = Detect(
            Picture((x, y) => ((x / 10) + (y / 10)) % 2 == 0 ? _eosin : _haematoxylin),
            maxHole: 0,
            minArea: 0
        );

        Assert.DoesNotContain(false, tissue);
    }

    // Threads, labels and what is left of ink are few and gaudy; tissue is much and may be pale.
    [Fact]
    public void A_little_of_a_strong_colour_does_not_make_pale_tissue_glass()
    {
        (byte, byte, byte) pale = (225, 198, 222);
        var tissue = Detect(
            Picture(
                (x, y) =>
                    Inside(x, y, 30, 85, 12) ? ((byte)255, (byte)150, (byte)20)
                    : Inside(x, y, 20, 20, 60) ? pale
                    : _glass
            ),
            maxHole: 0,
            minArea: 0
        );

        Assert.True(tissue[(50 * 100) + 50]);
        Assert.False(tissue[(10 * 100) + 10]);
    }

    [Fact]
    public void The_mask_of_a_slide_covers_it_at_the_pixel_size_asked_for()
    {
        using var folder = new TemporaryFolder();
        var picture = Picture((x, y) => Inside(x, y, 40, 20, 40) ? _eosin : _glass);
        using var slide = SlideReader.Open(TestSlides.WriteTiff(folder["a.tif"], picture, pixelSize: 2));

        var mask = TissueDetector.Detect(slide, new TissueOptions { MinArea = 0, PixelSize = new Microns(8) });

        Assert.Equal((25, 25, 4.0), (mask.Width, mask.Height, Math.Round(mask.Downsample, 3)));
        Assert.Equal(0.16, mask.TissueShare, 0.01);
        Assert.Equal([1, 0], [mask.Share(44, 24, 32), mask.Share(0, 0, 16)]);
    }

    [Fact]
    public void Otsu_parts_two_heaps_in_the_middle_of_the_gap()
    {
        var histogram = new long[256];
        (histogram[20], histogram[100]) = (500, 200);

        Assert.Equal((59, 20.0, 100.0), Otsu.Split(histogram));
    }

    // pixels of 1 µm²
    private static BitRaster Detect(RgbImage picture, double maxHole, double minArea) =>
        TissueDetector.Detect(picture, 1, new TissueOptions { MaxHole = maxHole, MinArea = minArea });

    private static RgbImage Picture(Func<int, int, (byte R, byte G, byte B)> colour)
    {
        var pixels = new byte[100 * 100 * 3];
        for (var i = 0; i < 10_000; i++)
            (pixels[i * 3], pixels[(i * 3) + 1], pixels[(i * 3) + 2]) = colour(i % 100, i / 100);
        return new RgbImage(100, 100, pixels);
    }

    private static bool Inside(int x, int y, int left, int top, int side) =>
        x >= left && y >= top && x < left + side && y < top + side;

    /// <summary>A square slide of nothing but glass at 0.5 µm a pixel.</summary>
    private sealed class BareGlass(int side) : ISlide
    {
        public string Path => "glass.tif";

        public string Name => "glass";

        public string Format => "glass";

        public IReadOnlyList<SlideLevel> Levels { get; } = [new(0, side, side, 1, 256, 256, "none")];

        public PixelSize? PixelSize => new(new Microns(0.5), "test");

        public double? Objective => null;

        public IReadOnlyList<string> AssociatedImages => [];

        public void ReadRegion(int level, int x, int y, int width, int height, Span<byte> rgb) => rgb.Fill(240);

        public RgbImage ReadAssociated(string name) => throw new NotSupportedException();

        public RgbImage ReadShrunk(double downsample)
        {
            var shrunk = (int)Math.Ceiling(side / downsample);
            var pixels = new byte[shrunk * shrunk * 3];
            Array.Fill(pixels, (byte)240);
            return new RgbImage(shrunk, shrunk, pixels);
        }

        public void Dispose() { }
    }
}
