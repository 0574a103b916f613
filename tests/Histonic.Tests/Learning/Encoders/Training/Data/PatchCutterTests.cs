using Histonic.Learning.Encoders.Training.Data;
using Histonic.Slides.Reading;

namespace Histonic.Tests.Learning.Encoders.Training.Data;

public sealed class PatchCutterTests
{
    private static readonly bool[] _either = [false, true];

    [Fact]
    public void The_eight_symmetries_are_eight_and_hold_the_same_pixels()
    {
        var picture = Numbered(4, 4);
        var squares = (
            from transposed in _either
            from rows in _either
            from columns in _either
            select Cut(picture, 4, 0, 0, new Symmetry(transposed, rows, columns))
        ).ToList();
        Assert.Equal(8, squares.Select(square => string.Join(',', square)).Distinct(StringComparer.Ordinal).Count());
        Assert.All(squares, square => Assert.Equal(Enumerable.Range(0, 16), square.Order()));
        Assert.Equal([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15], squares[0]);
    }

    [Fact]
    public void Transposing_then_mirroring_is_a_quarter_turn() =>
        Assert.Equal([2, 0, 3, 1], Cut(Numbered(2, 2), 2, 0, 0, new Symmetry(true, true, false)));

    [Fact]
    public void Beyond_the_edge_the_picture_goes_on_as_its_reflection() =>
        Assert.Equal(
            [4, 3, 4, 5, 4, 1, 0, 1, 2, 1, 4, 3, 4, 5, 4, 1, 0, 1, 2, 1, 4, 3, 4, 5, 4],
            Cut(Numbered(3, 2), 5, -1, -1, Symmetry.None)
        );

    [Fact]
    public void A_picture_of_one_pixel_fills_any_square() =>
        Assert.Equal([0, 0, 0, 0], Cut(Numbered(1, 1), 2, -1, -1, Symmetry.None));

    [Fact]
    public void The_middle_is_cut_from_the_middle()
    {
        var square = new byte[2 * 2 * 3];
        PatchCutter.CutMiddle(Numbered(4, 4), 2, square);
        Assert.Equal([5, 6, 9, 10], Reds(square));
    }

    [Fact]
    public void Random_crops_reach_every_place_and_stay_inside()
    {
        var random = new Random(1);
        var seen = new HashSet<int>();
        var square = new byte[2 * 2 * 3];
        for (var i = 0; i < 300; i++)
        {
            PatchCutter.CutAnywhere(Numbered(4, 3), 2, random, square);
            var reds = Reds(square);
            Assert.Equal(4, reds.Distinct().Count());
            seen.Add(reds.Min());
        }

        Assert.Equal([0, 1, 2, 4, 5, 6], seen.Order());
    }

    private static int[] Cut(RgbImage picture, int size, int left, int top, Symmetry symmetry)
    {
        var square = new byte[size * size * 3];
        PatchCutter.Cut(picture, size, left, top, symmetry, square);
        return Reds(square);
    }

    // red tells the pixel's number, green and blue that the three colours stay together
    private static RgbImage Numbered(int width, int height) =>
        new(
            width,
            height,
            [
                .. Enumerable
                    .Range(0, width * height)
                    .SelectMany(i => new[] { (byte)i, (byte)(100 + i), (byte)(200 + i) }),
            ]
        );

    private static int[] Reds(byte[] square)
    {
        var pixels = square.Chunk(3).ToList();
        Assert.All(pixels, pixel => Assert.Equal((pixel[0] + 100, pixel[0] + 200), (pixel[1], pixel[2])));
        return [.. pixels.Select(pixel => (int)pixel[0])];
    }
}
