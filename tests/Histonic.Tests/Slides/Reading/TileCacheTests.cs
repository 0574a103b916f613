using Histonic.Slides.Reading;

namespace Histonic.Tests.Slides.Reading;

public sealed class TileCacheTests
{
    [Fact]
    public void Many_threads_that_want_a_tile_have_it_decoded_once()
    {
        var cache = new TileCache(1 << 20);
        var decoded = new int[10];
        Parallel.For(
            0,
            2000,
            new ParallelOptions { MaxDegreeOfParallelism = 8 },
            i =>
            {
                var column = i % 10;
                using var tile = cache.Get(
                    new TileKey(0, column, 0, 1),
                    300,
                    (key, rgb) =>
                    {
                        Interlocked.Increment(ref decoded[key.Column]);
                        Array.Fill(rgb, (byte)key.Column);
                    }
                );
                Assert.Equal(-1, tile.Rgb.IndexOfAnyExcept((byte)column));
            }
        );
        Assert.All(decoded, times => Assert.Equal(1, times));
    }

    [Fact]
    public void The_tile_used_longest_ago_goes_first_and_one_in_use_never()
    {
        var cache = new TileCache(3 * 100);
        var decoded = new List<int>();
        void Read(int column)
        {
            using var tile = cache.Get(new TileKey(0, column, 0, 1), 100, (key, _) => decoded.Add(key.Column));
        }

        using (cache.Get(new TileKey(0, 0, 0, 1), 100, (key, rgb) => Array.Fill(rgb, (byte)7)))
        {
            foreach (var column in new[] { 1, 2, 1, 3, 1, 2 })
                Read(column); // with the one in use there is room for two
        }

        using var first = cache.Get(new TileKey(0, 0, 0, 1), 100, (_, _) => Assert.Fail("it was in use"));
        Assert.Equal((byte)7, first.Rgb[0]);
        Assert.Equal([1, 2, 3, 2], decoded);
    }

    [Fact]
    public void What_is_wanted_sets_how_much_is_kept_up_to_the_limit()
    {
        var cache = new TileCache(4 * 100);
        Assert.Equal([0, 1, 2, 3], Kept(1000));
        Assert.Equal([2, 3], Kept(200));

        List<int> Kept(long wanted)
        {
            cache.Wanted = wanted;
            for (var column = 0; column < 4; column++)
                cache.Get(new TileKey(0, column, 0, 1), 100, (_, _) => { }).Dispose();
            List<int> kept = [0, 1, 2, 3];
            for (var column = 3; column >= 0; column--)
            {
                var at = column;
                cache.Get(new TileKey(0, column, 0, 1), 100, (_, _) => kept.Remove(at)).Dispose();
            }

            return kept;
        }
    }

    [Fact]
    public void A_tile_that_failed_is_tried_again()
    {
        var cache = new TileCache(1000);
        var key = new TileKey(0, 0, 0, 1);
        Assert.Throws<IOException>(() => cache.Get(key, 10, (_, _) => throw new IOException()).Dispose());
        using var tile = cache.Get(key, 10, (_, rgb) => rgb[0] = 5);
        Assert.Equal(5, tile.Rgb[0]);
    }
}
