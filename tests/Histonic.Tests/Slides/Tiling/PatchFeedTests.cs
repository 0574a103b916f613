using Histonic.Slides.Reading;
using Histonic.Slides.Tiling;
using Histonic.Slides.Tissue;
using Histonic.Tests.Support;

namespace Histonic.Tests.Slides.Tiling;

public sealed class PatchFeedTests
{
    [Theory]
    [InlineData(1, 64)]
    [InlineData(3, 7)]
    public async Task Patches_of_the_real_slide_equal_single_reads(int threads, int batchSize)
    {
        using var slide = SlideReader.Open(RealData.Path("slides/CMU-1-Small-Region.svs"));
        var mask = TissueDetector.Detect(slide, new TissueOptions());
        var plan = PatchPlan.For(slide, mask, new TilingOptions());
        Assert.Equal((23, 17), (plan.Geometry.Rows, plan.Geometry.Columns));
        Assert.InRange(plan.Cells.Count, 100, 300);

        var seen = new HashSet<int>();
        var expected = new byte[128 * 128 * 3];
        await foreach (
            var batch in PatchFeed.ReadAsync(
                slide,
                plan,
                PatchSource.Of(plan.Geometry),
                new PatchFeedOptions { BatchSize = batchSize, Threads = threads },
                TestContext.Current.CancellationToken
            )
        )
        {
            using (batch)
            {
                for (var i = 0; i < batch.Count; i++)
                {
                    Assert.True(seen.Add(batch.Places[i]));
                    var cell = plan.Cells[batch.Places[i]];
                    slide.ReadRegion(0, cell.Column * 128, cell.Row * 128, 128, 128, expected);
                    Assert.True(
                        batch.Rgb.Span.Slice(i * expected.Length, expected.Length).SequenceEqual(expected),
                        $"{cell}"
                    );
                }
            }
        }

        Assert.Equal(plan.Cells.Count, seen.Count);
    }
}
