using CsCheck;
using Histonic.Slides.Tissue;

namespace Histonic.Tests.Slides.Tissue;

public sealed class TissueMaskTests
{
    [Fact]
    public void Share_equals_a_plain_count_of_the_mask_pixels_whose_centre_lies_in_the_square() =>
        Gen.Select(Gen.Bool.Array[12 * 9], Gen.Int[-6, 14], Gen.Int[-6, 11], Gen.Int[1, 12])
            .Sample(
                (pixels, left, top, side) =>
                {
                    var mask = new TissueMask(12, 9, 16, pixels, "test");
                    var count = 0;
                    for (var y = top; y < top + side; y++)
                    {
                        for (var x = left; x < left + side; x++)
                            count += x is >= 0 and < 12 && y is >= 0 and < 9 && pixels[(y * 12) + x] ? 1 : 0;
                    }

                    Assert.Equal(count / (double)(side * side), mask.Share(left * 16, top * 16, side * 16), 12);
                }
            );

    [Fact]
    public void Share_of_a_square_smaller_than_a_mask_pixel_is_that_of_the_pixel_it_lies_in()
    {
        var mask = new TissueMask(2, 1, 16, [false, true], "test");

        Assert.Equal([0, 1], [mask.Share(2, 2, 4), mask.Share(18, 2, 4)]);
    }
}
