using Histonic.Slides;
using Histonic.Slides.Reading;
using Histonic.Slides.Tiling;
using Histonic.Slides.Tissue;

namespace Histonic.Tests.Slides.Tiling;

public sealed class PatchBlockTests
{
    [Theory]
    [InlineData(256, 0.5, 128, 128, 1.0)] // bands end where tiles end
    [InlineData(512, 0.25, 128, 128, 1.0)]
    [InlineData(1024, 0.5, 128, 128, 1.0)]
    [InlineData(240, 0.25, 128, 128, 1.08)] // they never do
    [InlineData(256, 0.2527, 128, 128, 1.08)]
    [InlineData(256, 0.5, 128, 64, 1.08)] // patches that overlap
    [InlineData(1024, 0.45, 128, 128, 1.6)] // tiles of 3 MB: fewer rows of them a band
    public async Task Hardly_any_tile_is_decoded_twice_while_few_are_kept(
        int tile,
        double pixelSize,
        int patch,
        int stride,
        double most
    )
    {
        using var wide = new TiledSlide(20_000, 8_000, tile, pixelSize);
        using var wider = new TiledSlide(40_000, 4_000, tile, pixelSize);
        foreach (var slide in new[] { wide, wider })
        {
            var plan = PatchPlan.For(
                slide,
                new TissueMask(1, 1, 100_000, [true], "all"),
                new TilingOptions { PatchSize = patch, Stride = stride }
            );
            var places = new HashSet<int>();
            await foreach (
                var batch in PatchFeed.ReadAsync(
                    slide,
                    plan,
                    PatchSource.Of(plan.Geometry),
                    new PatchFeedOptions { Threads = 1 },
                    TestContext.Current.CancellationToken
                )
            )
            {
                using (batch)
                    places.UnionWith(batch.Places);
            }

            Assert.Equal(plan.Cells.Count, places.Count);
            Assert.InRange(slide.Decoded, slide.Touched, slide.Touched * most);
        }

        // what is kept does not know how large the slide is
        Assert.Equal(wide.Kept, wider.Kept);
        Assert.InRange(wide.Kept * 3L * tile * tile, 1, 64 << 20);
    }

    [Fact]
    public void A_block_is_read_in_raster_order_and_blocks_from_left_to_right()
    {
        GridCell[] cells = [new(0, 0), new(0, 1), new(0, 2), new(1, 0), new(1, 3), new(2, 0), new(2, 2), new(3, 1)];

        Assert.Equal([0, 1, 3, 2, 4, 5, 7, 6], new PatchBlock(2, 2).Order(cells));
        Assert.Equal(Enumerable.Range(0, 8), PatchBlock.Row.Order(cells));
    }

    /// <summary>A slide of white tiles that counts how often one is decoded, keeping as many as it is asked to.</summary>
    private sealed class TiledSlide(int width, int height, int tile, double pixelSize) : ISlide
    {
        private readonly LinkedList<(int, int)> _recent = new();
        private readonly HashSet<(int, int)> _touched = [];

        public int Kept { get; private set; }

        public int Decoded { get; private set; }

        public int Touched => _touched.Count;

        public string Path => "tiled.tif";

        public string Name => "tiled";

        public string Format => "test";

        public IReadOnlyList<SlideLevel> Levels { get; } = [new SlideLevel(0, width, height, 1, tile, tile, "jpeg")];

        public PixelSize? PixelSize => new PixelSize(new Microns(pixelSize), "override");

        public double? Objective => null;

        public IReadOnlyList<string> AssociatedImages => [];

        public bool KeepTiles(int level, int reduction, int count)
        {
            Kept = count;
            return true;
        }

        public void ReadRegion(int level, int x, int y, int width, int height, Span<byte> rgb)
        {
            for (var row = y / tile; row * tile < y + height; row++)
            {
                for (var column = x / tile; column * tile < x + width; column++)
                {
                    _touched.Add((row, column));
                    if (!_recent.Remove((row, column)))
                        Decoded++;
                    _recent.AddFirst((row, column));
                    if (_recent.Count > Kept)
                        _recent.RemoveLast();
                }
            }
        }

        public RgbImage ReadAssociated(string name) => throw new NotSupportedException();

        public RgbImage ReadShrunk(double downsample) => throw new NotSupportedException();

        public void Dispose() { }
    }
}
