using Histonic.Reports.HeatMaps;
using Histonic.Slides.Grids;
using Histonic.Slides.Reading;
using Histonic.Tests.Support;

namespace Histonic.Tests.Reports.HeatMaps;

public sealed class HeatMapFigureTests
{
    [Theory]
    [InlineData(99, 50)]
    [InlineData(100, 100)]
    [InlineData(4700, 2000)]
    [InlineData(0.7, 0.5)]
    [InlineData(0, 0)]
    public void Bars_have_round_lengths(double most, double expected) =>
        Assert.Equal(expected, HeatMapFigure.RoundLength(most), 1e-9);

    [Fact]
    public void The_bar_is_as_long_as_it_says_and_the_colours_run_from_dark_to_bright()
    {
        // 8,000 level-0 pixels of 0.25 µm in 400: a pixel is 5 µm; half the width less margins (164 px, 820 µm) takes 500 µm
        var geometry = Lattices.SideBySide(8000, 4000, 0.25, 1000);
        var map = new HeatMap("s", geometry, 4, 8, [.. Enumerable.Range(0, 32).Select(i => i / 31f)]);
        var picture = new RgbImage(400, 200, [.. Enumerable.Repeat((byte)200, 400 * 200 * 3)]);

        var figure = HeatMapFigure.Of(picture, map);

        Assert.Equal(400, figure.Width);
        Assert.Equal(picture.Pixels, figure.Pixels.AsSpan(0, picture.Pixels.Length).ToArray());
        var row = figure.Pixels.AsSpan((200 + 12) * 400 * 3, 400 * 3).ToArray();
        Assert.Equal(100, Enumerable.Range(0, 200).Count(x => row[x * 3] == 30)); // 500 µm
        Assert.Equal(ColourMap.At(0.5 / 176), (row[212 * 3], row[(212 * 3) + 1], row[(212 * 3) + 2]));
        Assert.Equal(ColourMap.At(175.5 / 176), (row[387 * 3], row[(387 * 3) + 1], row[(387 * 3) + 2]));
    }
}
