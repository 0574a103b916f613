using CsCheck;
using Histonic.Slides.Tissue;

namespace Histonic.Tests.Slides.Tissue;

public sealed class BitRasterTests
{
    private static readonly Gen<(int Width, bool[] Pixels)> _pictures = Gen.Select(
        Gen.Int[1, 200],
        Gen.Int[0, 8],
        Gen.Int[0, 20],
        Gen.Int[0, 1_000_000],
        (width, height, share, seed) =>
        {
            var random = new Random(seed);
            var pixels = new bool[width * height];
            for (var i = 0; i < pixels.Length; i++)
                pixels[i] = random.Next(20) < share;
            return (width, pixels);
        }
    );

    [Fact]
    public void It_holds_what_was_put_in_and_counts_it() =>
        _pictures.Sample(picture =>
        {
            var raster = BitRaster.Of(picture.Pixels, picture.Width);

            Assert.Equal(picture.Pixels, raster);
            Assert.Equal(picture.Pixels.Length, raster.Count);
            Assert.Equal(picture.Pixels.Count(pixel => pixel), raster.Ones());
            Assert.Equal(!picture.Pixels.Contains(true), raster.IsEmpty);
            for (var i = 0; i < picture.Pixels.Length; i++)
                Assert.Equal(picture.Pixels[i], raster[i]);
        });

    [Fact]
    public void Parts_of_rows_are_counted_found_and_filled() =>
        Gen.Select(_pictures, Gen.Int[0, 200], Gen.Int[0, 200], Gen.Bool)
            .Where(one => one.Item1.Pixels.Length > 0)
            .Sample(
                (picture, one, other, kind) =>
                {
                    var (width, pixels) = picture;
                    var raster = BitRaster.Of(pixels, width);
                    var (from, to) = (Math.Min(one, other) % (width + 1), Math.Max(one, other) % (width + 1));
                    var y = (pixels.Length / width) - 1;
                    var row = pixels[^width..];

                    Assert.Equal(from < to ? row[from..to].Count(pixel => pixel) : 0, raster.Ones(y, from, to));
                    var found = Array.IndexOf(row, kind, Math.Min(from, width));
                    Assert.Equal(found < 0 ? width : found, raster.Find(y, from, kind));
                    if (from >= to)
                        return;
                    raster.Fill(y, from, to, kind);
                    Array.Fill(pixels, kind, pixels.Length - width + from, to - from);
                    Assert.Equal(pixels, raster);
                }
            );

    [Fact]
    public void Neighbours_of_what_is_set_are_set_by_growing() =>
        _pictures.Sample(picture =>
        {
            var (width, pixels) = picture;
            var grown = BitRaster.Of(pixels, width).Grown();

            for (var i = 0; i < pixels.Length; i++)
            {
                var (x, y) = (i % width, i / width);
                var near = false;
                for (var v = Math.Max(y - 1, 0); v <= Math.Min(y + 1, (pixels.Length / width) - 1); v++)
                {
                    for (var u = Math.Max(x - 1, 0); u <= Math.Min(x + 1, width - 1); u++)
                        near |= pixels[(v * width) + u];
                }

                Assert.Equal(near, grown[x, y]);
            }

            Assert.Equal(Enumerable.Count(grown, pixel => pixel), grown.Ones()); // nothing beyond the width
        });

    [Fact]
    public void Pictures_are_united_and_subtracted() =>
        _pictures.Sample(picture =>
        {
            var one = BitRaster.Of(picture.Pixels, picture.Width);
            bool[] mirrored = [.. picture.Pixels.Reverse()];
            var (sum, difference) = (one.Copy(), one.Copy());
            sum.Add(BitRaster.Of(mirrored, picture.Width));
            difference.Remove(BitRaster.Of(mirrored, picture.Width));

            Assert.Equal(picture.Pixels.Zip(mirrored, (a, b) => a || b), sum);
            Assert.Equal(picture.Pixels.Zip(mirrored, (a, b) => a && !b), difference);
            Assert.Equal(picture.Pixels, one);
        });
}
