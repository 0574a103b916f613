using Histonic.Slides;
using Histonic.Slides.Reading;
using Histonic.Slides.Tiling;
using Histonic.Slides.Tissue;
using Histonic.Tests.Support;

namespace Histonic.Tests.Slides.Tiling;

public sealed class PatchFeedFlowTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0.5, 0.5, 0)] // as it is
    [InlineData(0.25, 0.5, 1)] // a level fits
    [InlineData(0.25, 0.35, 0)] // between two levels: the finer one, resampled
    [InlineData(0.25, 0.7, 1)]
    public async Task Patches_are_the_means_of_their_areas_on_the_slide(double pixelSize, double working, int level)
    {
        // Red is x / 3 and green y / 3 at level 0, at every level: a patch's mean tells where it lies.
        var picture = Ramp(720, 600);
        using var slide = SlideReader.Open(TestSlides.WriteTiff(_folder["a.tif"], picture, pixelSize, pyramid: true));
        var plan = Plan(
            slide,
            new TilingOptions
            {
                PixelSize = new Microns(working),
                PatchSize = 32,
                Stride = 24,
            }
        );
        Assert.Equal(level, plan.Geometry.Level);

        var next = new HashSet<int>();
        await foreach (var batch in Feed(slide, plan, new PatchFeedOptions { BatchSize = 5, Threads = 2 }))
        {
            using (batch)
            {
                for (var i = 0; i < batch.Count; i++)
                {
                    Assert.True(next.Add(batch.Places[i]));
                    var (row, column) = plan.Cells[batch.Places[i]];
                    var middle = plan.Geometry.PatchSizeLevel0 / 2;
                    var x = (column * plan.Geometry.StrideLevel0) + middle;
                    var y = (row * plan.Geometry.StrideLevel0) + middle;
                    if (x + middle > 720 || y + middle > 600)
                        continue; // partly white
                    Assert.Equal(x / 3, Mean(batch.Rgb.Span.Slice(i * 3072, 3072), 0), 0.8);
                    Assert.Equal(y / 3, Mean(batch.Rgb.Span.Slice(i * 3072, 3072), 1), 0.8);
                }
            }
        }

        Assert.Equal(plan.Cells.Count, next.Count);
    }

    [Fact]
    public async Task An_error_of_the_reader_reaches_the_consumer_after_the_batches_before_it()
    {
        using var slide = new CountingSlide(failAt: 7);
        var plan = Plan(slide, new TilingOptions { PatchSize = 32, Stride = 32 });
        var seen = 0;

        var error = await Assert.ThrowsAsync<InputException>(async () =>
        {
            await foreach (var batch in Feed(slide, plan, new PatchFeedOptions { BatchSize = 8, Threads = 3 }))
            {
                using (batch)
                    Assert.Equal(seen, batch.Places[0]);
                seen += 8;
            }
        });

        Assert.Contains("broken", error.Message, StringComparison.Ordinal);
        Assert.Equal(7 * 8, seen);
    }

    [Fact]
    public async Task Leaving_early_stops_decoding_and_never_more_than_asked_is_decoded_ahead()
    {
        using var slide = new CountingSlide(failAt: int.MaxValue);
        var plan = Plan(slide, new TilingOptions { PatchSize = 32, Stride = 32 });
        Assert.True(plan.Cells.Count >= 800);

        await foreach (
            var batch in Feed(
                slide,
                plan,
                new PatchFeedOptions
                {
                    BatchSize = 8,
                    Threads = 2,
                    Ahead = 2,
                }
            )
        )
        {
            batch.Dispose();
            break;
        }

        // one given out, two waiting, one at the door, two being decoded
        Assert.InRange(slide.Reads, 1, 6);
    }

    [Fact]
    public async Task A_slide_without_tissue_gives_no_batch()
    {
        using var slide = new CountingSlide(failAt: 0);
        var none = new TissueMask(10, 10, 128, new bool[100], "test");
        var plan = PatchPlan.For(slide, none, new TilingOptions());

        Assert.Empty(plan.Cells);
        await foreach (var _ in Feed(slide, plan, new PatchFeedOptions()))
            Assert.Fail("there is nothing to read");
    }

    private static IAsyncEnumerable<PatchBatch> Feed(ISlide slide, PatchPlan plan, PatchFeedOptions options) =>
        PatchFeed.ReadAsync(slide, plan, PatchSource.Of(plan.Geometry), options, TestContext.Current.CancellationToken);

    private static PatchPlan Plan(ISlide slide, TilingOptions options) =>
        PatchPlan.For(slide, new TissueMask(1, 1, 10_000, [true], "test"), options with { MinTissue = 0 });

    private static RgbImage Ramp(int width, int height)
    {
        var pixels = new byte[width * height * 3];
        for (var i = 0; i < width * height; i++)
            (pixels[i * 3], pixels[(i * 3) + 1]) = ((byte)(i % width / 3), (byte)(i / width / 3));
        return new RgbImage(width, height, pixels);
    }

    private static double Mean(ReadOnlySpan<byte> patch, int channel)
    {
        double sum = 0;
        for (var i = channel; i < patch.Length; i += 3)
            sum += patch[i];
        return sum / (patch.Length / 3);
    }

    /// <summary>A slide of 1024 × 1024 white pixels that counts its reads, 8 patches each, and breaks at one of them.</summary>
    private sealed class CountingSlide(int failAt) : ISlide
    {
        private int _reads;

        public int Reads => _reads;

        public string Path => "counting.tif";

        public string Name => "counting";

        public string Format => "test";

        public IReadOnlyList<SlideLevel> Levels { get; } = [new SlideLevel(0, 1024, 1024, 1, 256, 256, "none")];

        public PixelSize? PixelSize => new PixelSize(new Microns(0.5), "override");

        public double? Objective => null;

        public IReadOnlyList<string> AssociatedImages => [];

        public void ReadRegion(int level, int x, int y, int width, int height, Span<byte> rgb)
        {
            Interlocked.Increment(ref _reads);
            if ((y / 32 * 32) + (x / 32) >= failAt * 8L)
                throw new InputException(Path, "is broken", "Mend it");
        }

        public RgbImage ReadAssociated(string name) => throw new NotSupportedException();

        public RgbImage ReadShrunk(double downsample) => throw new NotSupportedException();

        public void Dispose() { }
    }
}
