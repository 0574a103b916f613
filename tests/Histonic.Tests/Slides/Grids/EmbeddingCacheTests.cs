using Histonic.Slides;
using Histonic.Slides.Grids;
using Histonic.Tests.Support;

namespace Histonic.Tests.Slides.Grids;

public sealed class EmbeddingCacheTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(FeaturePrecision.Bits16, false)]
    [InlineData(FeaturePrecision.Bits32, false)]
    [InlineData(FeaturePrecision.Bits16, true)]
    [InlineData(FeaturePrecision.Bits32, true)]
    public void A_grid_gives_what_its_file_holds_as_narrow_as_it_is_stored(FeaturePrecision precision, bool symmetries)
    {
        var path = Write("a", 23, symmetries, precision);
        var whole = CompressedSlideFile.Read(path);
        var cache = new EmbeddingCache(long.MaxValue);

        var grid = SlideGrid.Open(path, cache);

        Assert.Equal(0, cache.Reads);
        Assert.Equal(whole.Cells, grid.Cells);
        Assert.Equal((whole.Rows, whole.Columns, whole.Channels), (grid.Rows, grid.Columns, grid.Channels));
        Assert.Equal(symmetries, grid.HasSymmetries);
        Assert.Equal(whole.Features, Numbers(grid.Embeddings()));
        Assert.Equal(23 * 5 * (precision == FeaturePrecision.Bits16 ? 2 : 4), grid.Embeddings().Bytes);
        for (var symmetry = 0; symmetry < GridSymmetry.Count; symmetry++)
        {
            var expected = whole.FeaturesD4?.AsSpan(symmetry * 23 * 5, 23 * 5).ToArray() ?? whole.Features;
            Assert.Equal(expected, Numbers(grid.Embeddings(symmetry)));
            Assert.Equal(expected, Numbers(((SlideGrid)whole).Embeddings(symmetry)));
        }

        Assert.Equal(symmetries ? 9 : 1, cache.Reads);
    }

    [Fact]
    public void What_was_not_used_for_longest_is_read_again_and_the_budget_is_kept()
    {
        const int Bytes = 10 * 5 * 2;
        var cache = new EmbeddingCache((2 * Bytes) + 1);
        var grids = "abc".Select(name => SlideGrid.Open(Write($"{name}", 10, false), cache)).ToArray();

        foreach (var i in new[] { 0, 1, 0, 2, 0 })
        {
            _ = grids[i].Embeddings();
            Assert.InRange(cache.Held, Bytes, 2 * Bytes);
        }

        Assert.Equal(3, cache.Reads); // a, b and c, which took the place of b
        _ = grids[1].Embeddings();
        Assert.Equal(4, cache.Reads);
    }

    [Fact]
    public void With_no_budget_nothing_is_kept_and_what_is_read_is_the_same()
    {
        var cache = new EmbeddingCache(0);
        var path = Write("a", 7, false);
        var grid = SlideGrid.Open(path, cache);

        Assert.Equal(Numbers(grid.Embeddings()), Numbers(grid.Embeddings()));

        Assert.Equal(2, cache.Reads);
        Assert.Equal(0, cache.Held);
    }

    [Fact]
    public void Threads_that_share_a_cache_all_read_what_is_there()
    {
        var cache = new EmbeddingCache(300);
        var grids = Enumerable.Range(0, 8).Select(i => SlideGrid.Open(Write($"s{i}", 10 + i, false), cache)).ToArray();
        var wanted = grids.Select(grid => Numbers(grid.Embeddings())).ToArray();

        Parallel.For(0, 400, i => Assert.Equal(wanted[i % 8], Numbers(grids[i % 8].Embeddings())));

        Assert.InRange(cache.Held, 0, 300);
    }

    [Fact]
    public void A_file_that_changed_or_went_away_meanwhile_is_told_by_name()
    {
        var cache = new EmbeddingCache(0);
        var path = Write("a", 7, false);
        var grid = SlideGrid.Open(path, cache);
        Write("a", 9, false);

        var changed = Assert.Throws<InputException>(() => grid.Embeddings());
        File.Delete(path);
        var gone = Assert.Throws<InputException>(() => grid.Embeddings());

        Assert.Equal((path, path), (changed.Subject, gone.Subject));
        Assert.Contains("was changed", changed.Message, StringComparison.Ordinal);
    }

    private string Write(
        string name,
        int patches,
        bool symmetries,
        FeaturePrecision precision = FeaturePrecision.Bits16
    )
    {
        var path = _folder[$"{name}.h5"];
        var slide = CompressedSlideFileTests.Some(patches, 5, symmetries, patches);
        CompressedSlideFile.Write(path, slide, precision, DateTimeOffset.UnixEpoch);
        return path;
    }

    private static float[] Numbers(EmbeddingBlock block)
    {
        var numbers = new float[block.Length];
        block.Read(0, numbers);
        return numbers;
    }
}
