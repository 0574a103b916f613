using Histonic.Learning.Encoders.Training.Data;
using Histonic.Slides;

namespace Histonic.Tests.Learning.Encoders.Training.Data;

public sealed class TaskSourceTests
{
    [Fact]
    public void A_task_is_a_name_a_folder_and_perhaps_a_pixel_size()
    {
        Assert.Equal(new TaskSource("m", "a/b"), TaskSource.Parse("m=a/b"));
        Assert.Equal(new TaskSource("m", "a/b", new Microns(0.25)), TaskSource.Parse("m=a/b@0.25"));
        Assert.Equal(new TaskSource("m", "a=b@c", new Microns(2)), TaskSource.Parse("m=a=b@c@2"));
    }

    [Theory]
    [InlineData("folder")]
    [InlineData("=folder")]
    [InlineData("m=")]
    [InlineData("m=folder@fine")]
    [InlineData("m=folder@0")]
    public void Other_words_are_refused(string text) => Assert.Throws<OptionException>(() => TaskSource.Parse(text));

    [Fact]
    public void Shares_are_brought_to_a_sum_of_one()
    {
        Assert.Equal(new SplitShares(0.8, 0.1, 0.1), SplitShares.Parse("8/1/1"));
        Assert.Equal(new SplitShares(0.75, 0.25, 0), SplitShares.Parse("75/25/0"));
    }

    [Theory]
    [InlineData("70/30")]
    [InlineData("70/0/30")]
    [InlineData("a/b/c")]
    public void Other_shares_are_refused(string text) => Assert.Throws<OptionException>(() => SplitShares.Parse(text));
}
