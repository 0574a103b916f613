using Histonic.Slides;
using Histonic.Slides.Synthetic.Digits;
using CultureInfo = System.Globalization.CultureInfo;

namespace Histonic.Tests.Slides.Synthetic.Digits;

public sealed class DigitPictureTests
{
    private static readonly DigitShapes _shapes = DigitShapes.Draw(new Seed(1), test: false);
    private static readonly DigitSetOptions _small = new() { Size = 423, Density = 0.006 };

    [Fact]
    public void At_P2s_size_there_are_25920_digits()
    {
        var options = new DigitSetOptions { Size = 3600 };
        Assert.Equal(25_920, options.Digits);
        Assert.Equal((36, 1800), (options.Shortest, options.Longest));
    }

    [Fact]
    public void No_two_digits_stand_in_one_cell_and_each_has_been_moved_by_minus_5_to_4_pixels()
    {
        var picture = Draw(1, _small);
        Assert.Equal((int)(423 * 423 * 0.006), picture.Digits.Count);
        // a place within 5 pixels below and 4 above a multiple of 9 tells its cell, and no other number is left of 9
        var cells = picture.Digits.Select(digit => (Cell(digit.X), Cell(digit.Y))).ToList();
        Assert.Equal(cells.Count, cells.Distinct().Count());
        var moves = picture
            .Digits.Where(digit => digit.X > 8 && digit.Y > 8)
            .SelectMany(digit => new[] { digit.X - (9 * Cell(digit.X)), digit.Y - (9 * Cell(digit.Y)) })
            .ToList();
        Assert.Equal(Enumerable.Range(-5, 9), moves.Distinct().Order());
        Assert.InRange(moves.Average(), -1.2, -0.8); // whole numbers from −5 to 3, all alike

        static int Cell(int at) => (at + 5) / 9;
    }

    [Fact]
    public void The_distractor_is_neither_the_label_nor_the_digit_before_it_and_all_labels_occur()
    {
        var options = _small with { Size = 90 };
        var pairs = Enumerable.Range(0, 2000).Select(i => Draw(i, options)).ToList();
        Assert.Equal(
            Enumerable.Range(1, 8),
            pairs.Select(one => (one.Distractor - one.Label + 10) % 10).Distinct().Order()
        );
        var counts = pairs.CountBy(one => one.Label).ToDictionary();
        Assert.Equal(10, counts.Count);
        Assert.All(counts.Values, count => Assert.InRange(count, 140, 260)); // 200 ± 4.5 deviations
    }

    [Fact]
    public void Under_a_rectangle_lie_its_digits_and_elsewhere_all()
    {
        var picture = Draw(2, _small with { Least = 0.8 });
        var byMask = picture.Digits.ToLookup(digit => picture.Mask[(digit.Y * picture.Size) + digit.X]);
        Assert.NotEmpty(byMask[DigitPicture.Tilted]);
        Assert.NotEmpty(byMask[DigitPicture.Upright]);
        Assert.All(byMask[DigitPicture.Tilted], digit => Assert.Equal(picture.Label, digit.Digit));
        Assert.All(byMask[DigitPicture.Upright], digit => Assert.Equal(picture.Distractor, digit.Digit));
        var elsewhere = byMask[0].CountBy(digit => digit.Digit).ToDictionary();
        Assert.Equal(10, elsewhere.Count);
        Assert.All(elsewhere.Values, count => Assert.InRange(count, 30, 140));
    }

    [Fact]
    public void The_picture_is_its_digits_pasted_one_over_the_other()
    {
        var picture = Draw(3, _small);
        var expected = new byte[picture.Size * picture.Size];
        foreach (var digit in picture.Digits)
        {
            for (var i = 0; i < 100; i++)
            {
                var (x, y) = (digit.X - 5 + (i % 10), digit.Y - 5 + (i / 10));
                if (x >= 0 && y >= 0 && x < picture.Size && y < picture.Size)
                    expected[(y * picture.Size) + x] = digit.Pixels[i];
            }
        }

        Assert.Equal(expected, picture.Pixels);
        Assert.All(picture.Pixels, pixel => Assert.True(pixel is 0 or 255));
    }

    [Fact]
    public void The_tilted_rectangle_is_twice_as_long_as_wide_and_lies_at_45_degrees()
    {
        var directions = new HashSet<bool>();
        var whole = 0;
        for (var i = 0; i < 200; i++)
        {
            var picture = Draw(i, _small with { Least = 0.3 });
            var length = picture.TiltedLength;
            Assert.InRange(length, picture.Size / 2 * 3 / 10, (picture.Size / 2) - 1);
            var points = Points(picture, DigitPicture.Tilted);
            // the other rectangle may cover a part, and the picture's edge cut a corner
            if (points.Count < 0.985 * length * (length / 2))
                continue;
            whole++;
            var (sine, cosine, along, across) = Axes(points);
            Assert.Equal(0.5, sine * sine, 0.02);
            Assert.Equal(length, along, 2.0);
            Assert.Equal(length / 2, across, 2.0);
            directions.Add(sine * cosine > 0);
        }

        Assert.InRange(whole, 100, 200);
        Assert.Equal(2, directions.Count);
    }

    [Fact]
    public void The_other_rectangle_is_upright_and_opposite_in_the_picture_at_first()
    {
        var (lying, halves) = (new HashSet<bool>(), new HashSet<string>(StringComparer.Ordinal));
        for (var i = 0; i < 100; i++)
        {
            var picture = Draw(i, _small);
            var points = Points(picture, DigitPicture.Upright);
            var (left, right) = (points.Min(one => one.X), points.Max(one => one.X));
            var (top, bottom) = (points.Min(one => one.Y), points.Max(one => one.Y));
            var (width, height) = (right - left + 1, bottom - top + 1);
            Assert.Equal(width * height, points.Count);
            Assert.Equal(picture.UprightLength + 1, Math.Max(width, height));
            Assert.Equal((picture.UprightLength / 2) + 1, Math.Min(width, height));
            lying.Add(width > height);
            var half = picture.Size / 2;
            foreach (
                var (name, inside) in new[]
                {
                    ("left", right <= half),
                    ("right", left >= half),
                    ("top", bottom <= half),
                    ("bottom", top >= half),
                }
            )
            {
                if (inside)
                    halves.Add(name);
            }

            Assert.True(right <= half || left >= half || bottom <= half || top >= half);
        }

        Assert.Equal(2, lying.Count);
        Assert.Equal(4, halves.Count);
    }

    [Fact]
    public void A_patch_with_white_pixels_is_twice_as_likely_and_bears_the_class_of_what_fills_half_of_it()
    {
        var picture = Draw(4, _small);
        var places = (
            from y in Enumerable.Range(0, picture.Size - 8)
            from x in Enumerable.Range(0, picture.Size - 8)
            select DigitPatches.Cut(picture, x, y).Max() > 0
        ).ToList();
        var white = places.Count(one => one) / (double)places.Count;

        var chosen = DigitPatches.Choose(picture, 20_000, new Random(1)).ToList();
        Assert.Equal(20_000, chosen.Count);
        var share = chosen.Count(one => DigitPatches.Cut(picture, one.X, one.Y).Max() > 0) / (double)chosen.Count;
        Assert.InRange(white, 0.5, 0.95);
        Assert.Equal(2 * white / (1 + white), share, 0.02);

        foreach (var (x, y, name) in chosen.Take(2000))
        {
            var visible =
                from i in Enumerable.Range(0, 81)
                let owner = picture.Owners[((y + (i / 9)) * picture.Size) + x + (i % 9)]
                where owner >= 0
                group i by owner into pixels
                where pixels.Count() > 40
                select picture.Digits[pixels.Key].Digit.ToString(CultureInfo.InvariantCulture);
            var expected =
                DigitPatches.Cut(picture, x, y).Max() == 0
                    ? DigitPatches.Empty
                    : visible.FirstOrDefault() ?? DigitPatches.Part;
            Assert.Equal(expected, name);
        }
    }

    private static DigitPicture Draw(int number, DigitSetOptions options) =>
        DigitPicture.Draw(new Seed(7).For($"test {number}"), options.Validated(), _shapes);

    private static List<(int X, int Y)> Points(DigitPicture picture, byte value) =>
        [
            .. picture
                .Mask.Index()
                .Where(pixel => pixel.Item == value)
                .Select(pixel => (pixel.Index % picture.Size, pixel.Index / picture.Size)),
        ];

    // the direction of the longer axis, and the sides of the rectangle that has these second moments
    private static (double Sine, double Cosine, double Along, double Across) Axes(List<(int X, int Y)> points)
    {
        var (x, y) = (points.Average(one => one.X), points.Average(one => one.Y));
        var xx = points.Average(one => (one.X - x) * (one.X - x));
        var yy = points.Average(one => (one.Y - y) * (one.Y - y));
        var xy = points.Average(one => (one.X - x) * (one.Y - y));
        var (sine, cosine) = Math.SinCos(Math.Atan2(2 * xy, xx - yy) / 2);
        var (mean, spread) = ((xx + yy) / 2, double.Hypot((xx - yy) / 2, xy));
        return (sine, cosine, Math.Sqrt(12 * (mean + spread)), Math.Sqrt(12 * (mean - spread)));
    }
}
