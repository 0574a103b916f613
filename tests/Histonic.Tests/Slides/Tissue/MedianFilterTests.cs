using CsCheck;
using Histonic.Slides.Tissue;

namespace Histonic.Tests.Slides.Tissue;

public sealed class MedianFilterTests
{
    [Fact]
    public void Every_pixel_is_the_middle_of_its_sorted_neighbours() =>
        Gen.Select(Gen.Int[0, 150], Gen.Int[0, 6], Gen.Int[1, 255], Gen.Int[0, 1_000_000])
            .Sample(
                (width, height, levels, seed) =>
                {
                    var random = new Random(seed);
                    var values = new byte[width * height];
                    for (var i = 0; i < values.Length; i++)
                        values[i] = (byte)random.Next(levels + 1);

                    byte[] result = [.. values];
                    MedianFilter.Apply(result, width);

                    for (var i = 0; i < values.Length; i++)
                    {
                        var (x, y) = (i % width, i / width);
                        var near = Enumerable
                            .Range(0, values.Length)
                            .Where(j => Math.Abs((j % width) - x) <= 1 && Math.Abs((j / width) - y) <= 1)
                            .Select(j => values[j])
                            .Order()
                            .ToList();
                        Assert.Equal(near[near.Count / 2], result[i]);
                    }
                },
                iter: 60
            );
}
