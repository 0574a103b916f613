using Histonic.Reports.Pages;
using Histonic.Statistics;

namespace Histonic.Tests.Reports.Pages;

public sealed class FiguresTests
{
    [Theory]
    [InlineData(0, "0.000")]
    [InlineData(1, "1.000")]
    [InlineData(-0.8137, "-0.814")]
    [InlineData(0.0047, "0.0047")]
    [InlineData(0.00002, "2.0E-5")]
    [InlineData(123.456, "123.5")]
    [InlineData(123456.7, "123457")]
    public void A_figure_has_the_digits_that_matter(double value, string text) => Assert.Equal(text, Figures.Of(value));

    [Theory]
    [InlineData(0.5, "= 0.5000")]
    [InlineData(0.00001, "< 0.0001")]
    public void A_p_value_is_never_zero(double p, string text) => Assert.Equal(text, Figures.P(p));

    [Fact]
    public void An_interval_names_both_ends() =>
        Assert.Equal("0.713 to 0.898", Figures.Interval(new Estimate(0.8, 0.7131, 0.8984, 9)));
}
