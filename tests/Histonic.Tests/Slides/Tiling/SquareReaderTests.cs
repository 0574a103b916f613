using Histonic.Slides;
using Histonic.Slides.Reading;
using Histonic.Slides.Tiling;
using Histonic.Slides.Tissue;
using Histonic.Tests.Support;

namespace Histonic.Tests.Slides.Tiling;

public sealed class SquareReaderTests
{
    [Theory]
    [InlineData(0.5)] // level 0 as it is
    [InlineData(1.0)] // level 1 as it is
    [InlineData(0.75)] // level 0, shrunk
    [InlineData(1.5)] // level 1, shrunk
    public async Task The_square_about_the_middle_of_a_cell_is_the_patch_that_compress_reads(double mpp)
    {
        using var folder = new TemporaryFolder();
        using var slide = Slide(folder);
        var options = new TilingOptions
        {
            PixelSize = new Microns(mpp),
            PatchSize = 16,
            Stride = 16,
            MinTissue = 0,
        };
        var plan = PatchPlan.For(slide, new TissueMask(1, 1, 1000, [true], "all"), options);
        var checkedCells = 0;
        await foreach (
            var batch in PatchFeed.ReadAsync(
                slide,
                plan,
                PatchSource.Of(plan.Geometry),
                new PatchFeedOptions(),
                TestContext.Current.CancellationToken
            )
        )
        {
            using var held = batch;
            for (var i = 0; i < batch.Count; i++)
            {
                var cell = plan.Cells[batch.Places[i]];
                // compress begins a cell at a whole pixel of level 0
                var (x, y) = plan.Geometry.Origin(cell.Row, cell.Column);
                var half = plan.Geometry.PatchSizeLevel0 / 2;
                var square = SquareReader.Read(slide, plan.Geometry, x + half, y + half, 16);
                Assert.Equal(batch.Rgb.Slice(i * 16 * 16 * 3, 16 * 16 * 3).ToArray(), square.Pixels);
                checkedCells++;
            }
        }

        Assert.True(checkedCells >= 20);
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.9)]
    [InlineData(2.0)]
    public void A_larger_square_holds_the_smaller_one_in_its_middle(double mpp)
    {
        using var folder = new TemporaryFolder();
        using var slide = Slide(folder);
        var geometry = GridGeometry.For(
            slide,
            new TilingOptions
            {
                PixelSize = new Microns(mpp),
                PatchSize = 16,
                Stride = 16,
            }
        );
        var small = SquareReader.Read(slide, geometry, 130, 97, 16);
        var large = SquareReader.Read(slide, geometry, 130, 97, 24);
        for (var row = 0; row < 16; row++)
        {
            Assert.Equal(
                small.Pixels.AsSpan(row * 16 * 3, 16 * 3),
                large.Pixels.AsSpan((((row + 4) * 24) + 4) * 3, 16 * 3)
            );
        }
    }

    [Fact]
    public void Outside_the_slide_all_is_white()
    {
        using var folder = new TemporaryFolder();
        using var slide = Slide(folder);
        var geometry = GridGeometry.For(
            slide,
            new TilingOptions
            {
                PixelSize = new Microns(0.5),
                PatchSize = 16,
                Stride = 16,
            }
        );
        var square = SquareReader.Read(slide, geometry, 0, 0, 16);
        Assert.All(square.Pixels.Take(8 * 16 * 3), value => Assert.Equal(255, value));
        Assert.Equal(new byte[] { 0, 0, 0, 1, 0, 0 }, square.Pixels.AsSpan(((8 * 16) + 8) * 3, 6));
    }

    private static ISlide Slide(TemporaryFolder folder) =>
        SlideReader.Open(TestSlides.WriteTiff(folder["s.tif"], TestSlides.Pattern(256, 200), 0.5, pyramid: true));
}
