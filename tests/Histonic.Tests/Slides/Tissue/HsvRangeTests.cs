using Histonic.Slides;
using Histonic.Slides.Tissue;

namespace Histonic.Tests.Slides.Tissue;

public sealed class HsvRangeTests
{
    // golden values: round(180 h), round(255 s), 255 v of Python's colorsys.rgb_to_hsv
    [Theory]
    [InlineData(255, 0, 0, 0, 255, 255)]
    [InlineData(0, 255, 0, 60, 255, 255)]
    [InlineData(0, 0, 255, 120, 255, 255)]
    [InlineData(225, 170, 200, 164, 62, 225)]
    [InlineData(110, 70, 150, 135, 136, 150)]
    [InlineData(200, 90, 100, 177, 140, 200)]
    [InlineData(128, 128, 128, 0, 0, 128)]
    [InlineData(0, 0, 0, 0, 0, 0)]
    [InlineData(12, 200, 180, 87, 240, 200)]
    public void Colours_are_measured_in_the_units_of_opencv(
        byte r,
        byte g,
        byte b,
        int hue,
        int saturation,
        int value
    ) => Assert.Equal((hue, saturation, value), HsvRange.Of(r, g, b));

    [Fact]
    public void A_range_is_read_as_it_is_written()
    {
        Assert.Equal(new HsvRange(90, 180, 8, 255, 103, 255), HsvRange.Parse("90-180,8-255,103-255"));
        Assert.Equal(HsvRange.Default, HsvRange.Parse(HsvRange.Default.ToString()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("90-180,8-255")]
    [InlineData("90-190,8-255,103-255")]
    [InlineData("90-180,255-8,103-255")]
    [InlineData("90-180,8-256,103-255")]
    [InlineData("90-180-8,255,103-255")]
    [InlineData("a-180,8-255,103-255")]
    public void What_is_no_range_is_refused(string text) => Assert.Throws<OptionException>(() => HsvRange.Parse(text));

    [Fact]
    public void A_hue_range_may_run_through_red()
    {
        var reds = HsvRange.Parse("170-10,1-255,1-255");

        Assert.Equal(
            [true, true, false],
            [reds.Contains(255, 0, 20), reds.Contains(255, 30, 0), reds.Contains(0, 255, 0)]
        );
    }
}
