using Histonic.Slides;
using Histonic.Slides.Reading;
using Histonic.Slides.Tiling;
using Histonic.Tests.Support;

namespace Histonic.Tests.Slides.Tiling;

public sealed class PatchSourceTests
{
    [Theory]
    // a pyramid of halves: its next level, or the JPEG decoder's half of this one
    [InlineData(0.5, new[] { 1.0, 2, 4 }, true, "level 1; level 0, 1/2")]
    // a 40 × scan with levels of quarters: the second is what the encoder looks at
    [InlineData(0.25, new[] { 1.0, 4, 16 }, true, "level 1; level 0, 1/4")]
    // a 20 × scan with levels of quarters: the second is too coarse
    [InlineData(0.5, new[] { 1.0, 4, 16 }, true, "level 0, 1/2")]
    [InlineData(0.5, new[] { 1.0 }, false, "")]
    [InlineData(0.25, new[] { 1.0, 2, 4 }, false, "level 2")]
    // 0.3 µm: 1/2 is 0.6 µm, the rest is averaged
    [InlineData(0.3, new[] { 1.0 }, true, "level 0, 1/2")]
    public void Cheaper_pixels_are_found_among_levels_and_the_decoders_reductions(
        double pixelSize,
        double[] downsamples,
        bool jpeg,
        string expected
    )
    {
        using var slide = new PlainSlide(pixelSize, downsamples, jpeg);
        var geometry = GridGeometry.For(slide, new TilingOptions());

        var sources = PatchSource.Pooled(slide, geometry, 2);

        Assert.Equal(expected, string.Join("; ", sources.Select(source => source.Name)));
        Assert.All(
            sources,
            source =>
            {
                Assert.Equal(64, source.Side);
                Assert.Equal(1.0 / pixelSize, source.Downsample * source.Scale, 0.011);
                Assert.InRange(source.Scale, 1, 2);
            }
        );
        Assert.Empty(PatchSource.Pooled(slide, geometry, 1));
        Assert.Empty(PatchSource.Pooled(slide, geometry, 3)); // does not divide 128
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.3)]
    [InlineData(0.25)]
    public async Task Patches_of_cheaper_pixels_are_the_means_of_squares_of_the_others(double pixelSize)
    {
        using var folder = new TemporaryFolder();
        // colours that change slowly, so that JPEG keeps them
        var pixels = new byte[1100 * 900 * 3];
        for (var i = 0; i < pixels.Length; i++)
        {
            var (row, column) = (i / 3 / 1100, i / 3 % 1100);
            pixels[i] = (byte)(128 + (90 * Math.Sin((row / 41.0) + (i % 3)) * Math.Cos(column / 37.0)));
        }

        TestSlides.WriteTiff(folder["a.tif"], new RgbImage(1100, 900, pixels), pixelSize, pyramid: true, jpeg: true);
        using var slide = SlideReader.Open(folder["a.tif"]);
        var mask = new Histonic.Slides.Tissue.TissueMask(1, 1, 10_000, [true], "test");
        var plan = PatchPlan.For(slide, mask, new TilingOptions { MinTissue = 0 });
        var sources = PatchSource.Pooled(slide, plan.Geometry, 2);
        Assert.NotEmpty(sources);
        var all = await ReadAsync(PatchSource.Of(plan.Geometry));

        foreach (var source in sources)
        {
            var cheap = await ReadAsync(source);
            double difference = 0;
            for (var i = 0; i < cheap.Length; i++)
            {
                var (patch, at) = Math.DivRem(i / 3, 64 * 64);
                var (row, column) = Math.DivRem(at, 64);
                double sum = 0;
                for (var v = 0; v < 4; v++)
                {
                    var pixel = (patch * 128 * 128) + (((row * 2) + (v / 2)) * 128) + (column * 2) + (v % 2);
                    sum += all[(pixel * 3) + (i % 3)];
                }

                difference += Math.Abs((sum / 4) - cheap[i]);
            }

            Assert.InRange(difference / cheap.Length, 0, 1.2); // grey levels
        }

        async Task<byte[]> ReadAsync(PatchSource source)
        {
            var size = source.Side * source.Side * 3;
            var bytes = new byte[plan.Cells.Count * size];
            await foreach (
                var batch in PatchFeed.ReadAsync(
                    slide,
                    plan,
                    source,
                    new PatchFeedOptions { BatchSize = 7 },
                    TestContext.Current.CancellationToken
                )
            )
            {
                using (batch)
                {
                    for (var i = 0; i < batch.Count; i++)
                        batch.Rgb.Span.Slice(i * size, size).CopyTo(bytes.AsSpan(batch.Places[i] * size));
                }
            }

            return bytes;
        }
    }

    /// <summary>A slide that is only looked at from outside.</summary>
    private sealed class PlainSlide(double pixelSize, double[] downsamples, bool jpeg) : ISlide
    {
        public string Path => "plain.tif";

        public string Name => "plain";

        public string Format => "test";

        public IReadOnlyList<SlideLevel> Levels { get; } =
        [
            .. downsamples.Select(
                (downsample, index) =>
                    new SlideLevel(
                        index,
                        (int)(40_000 / downsample),
                        (int)(30_000 / downsample),
                        downsample,
                        256,
                        256,
                        "jpeg"
                    )
            ),
        ];

        public PixelSize? PixelSize => new PixelSize(new Microns(pixelSize), "override");

        public double? Objective => null;

        public IReadOnlyList<string> AssociatedImages => [];

        public IReadOnlyList<int> Reductions(int level) => jpeg ? [1, 2, 4, 8] : [1];

        public void ReadRegion(int level, int x, int y, int width, int height, Span<byte> rgb) =>
            throw new NotSupportedException();

        public RgbImage ReadAssociated(string name) => throw new NotSupportedException();

        public RgbImage ReadShrunk(double downsample) => throw new NotSupportedException();

        public void Dispose() { }
    }
}
