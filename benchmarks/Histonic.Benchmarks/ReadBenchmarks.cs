using BenchmarkDotNet.Attributes;
using Histonic.Slides.Reading;
using Histonic.Slides.Tiling;
using Histonic.Slides.Tissue;

namespace Histonic.Benchmarks;

/// <summary>Reading a slide: patch by patch as other tools do (the baseline), and through the feed.</summary>
[MemoryDiagnoser]
public class ReadBenchmarks
{
    private readonly byte[] _patch = new byte[128 * 128 * 3];

    [Benchmark(Baseline = true)]
    public void PatchByPatch()
    {
        using var slide = SlideReader.Open(SlideFixture.Path);
        for (var y = 0; y < SlideFixture.Side; y += 128)
        {
            for (var x = 0; x < SlideFixture.Side; x += 128)
                slide.ReadRegion(0, x, y, 128, 128, _patch);
        }
    }

    [Benchmark]
    [Arguments(1)]
    [Arguments(2)]
    public async Task<int> Feed(int threads)
    {
        using var slide = SlideReader.Open(SlideFixture.Path);
        var all = new TissueMask(1, 1, SlideFixture.Side, [true], "all");
        var plan = PatchPlan.For(slide, all, new TilingOptions());
        var patches = 0;
        await foreach (
            var batch in PatchFeed.ReadAsync(
                slide,
                plan,
                PatchSource.Of(plan.Geometry),
                new PatchFeedOptions { Threads = threads },
                default
            )
        )
        {
            patches += batch.Count;
            batch.Dispose();
        }

        return patches;
    }
}
