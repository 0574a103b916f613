using CsCheck;
using Histonic.Slides.Tissue;

namespace Histonic.Tests.Slides.Tissue;

public sealed class RegionsTests
{
    [Fact]
    public void Regions_are_those_of_a_flood_and_the_chosen_ones_are_flipped() =>
        Gen.Select(Gen.Int[1, 90], Gen.Int[1, 20], Gen.Int[1, 9], Gen.Bool, Gen.Bool, Gen.Int[0, 1_000_000])
            .Sample(
                (width, height, share, kind, diagonal, seed) =>
                {
                    var random = new Random(seed);
                    bool[] Draw() => [.. Enumerable.Range(0, width * height).Select(_ => random.Next(10) < share)];
                    var (pixels, first, second) = (Draw(), Draw(), Draw());
                    var (raster, seen) = (BitRaster.Of(pixels, width), new List<Region>());
                    Regions.Flip(
                        raster,
                        kind,
                        diagonal,
                        region =>
                        {
                            seen.Add(region);
                            return Chosen(region);
                        },
                        BitRaster.Of(first, width),
                        BitRaster.Of(second, width)
                    );

                    var expected = (bool[])pixels.Clone();
                    var flooded = new List<Region>();
                    foreach (var region in Flood(pixels, width, kind, diagonal))
                    {
                        flooded.Add(
                            new Region(
                                region.Count,
                                region.Exists(i =>
                                    i % width == 0
                                    || i % width == width - 1
                                    || i / width == 0
                                    || i / width == height - 1
                                ),
                                region.Count(i => first[i]),
                                region.Count(i => second[i])
                            )
                        );
                        if (Chosen(flooded[^1]))
                            region.ForEach(i => expected[i] = !kind);
                    }

                    Assert.Equal(flooded, seen); // in the order of their first pixels, each once
                    Assert.Equal(expected, raster);
                }
            );

    [Fact]
    public void Marks_that_are_not_there_count_as_none()
    {
        var raster = BitRaster.Of([true, true, false], 3);
        Regions.Flip(
            raster,
            kind: true,
            diagonal: true,
            region => region is { Area: 2, FirstMarks: 0 },
            (BitRaster?)null
        );

        Assert.True(raster.IsEmpty);
    }

    private static bool Chosen(Region region) => (region.Area + region.FirstMarks) % 3 != 0;

    private static IEnumerable<List<int>> Flood(bool[] pixels, int width, bool kind, bool diagonal)
    {
        var seen = new bool[pixels.Length];
        for (var start = 0; start < pixels.Length; start++)
        {
            if (seen[start] || pixels[start] != kind)
                continue;
            seen[start] = true;
            List<int> region = [start];
            for (var i = 0; i < region.Count; i++)
            {
                for (var j = 0; j < pixels.Length; j++)
                {
                    var (dx, dy) = (
                        Math.Abs((j % width) - (region[i] % width)),
                        Math.Abs((j / width) - (region[i] / width))
                    );
                    if (seen[j] || pixels[j] != kind || (diagonal ? Math.Max(dx, dy) : dx + dy) > 1)
                        continue;
                    seen[j] = true;
                    region.Add(j);
                }
            }

            yield return region;
        }
    }
}
