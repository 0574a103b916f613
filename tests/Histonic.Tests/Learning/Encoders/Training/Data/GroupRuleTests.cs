using Histonic.Learning.Encoders.Training.Data;
using Histonic.Slides;

namespace Histonic.Tests.Learning.Encoders.Training.Data;

public sealed class GroupRuleTests
{
    [Theory]
    [InlineData("MIDOG21-002_7.jpg", "MIDOG21-002")]
    [InlineData("TUPAC16-06_stitched1_1111.jpg", "TUPAC16-06")]
    [InlineData("10253_x1001_y751.jpg", "10253")]
    [InlineData("tumor_004_37276_186047.jpg", "tumor_004")]
    [InlineData("ADI-TCGA-ALPPQLSF_106.jpg", "TCGA-ALPPQLSF")]
    [InlineData("TCGA-A7-A0CE-01Z-00-DX1_100_200.png", "TCGA-A7-A0CE")]
    [InlineData("a/b_1/F00001_0.png", "F00001")]
    [InlineData("Normal_100x_1.jpg", null)]
    [InlineData("OSCC_400x_27.jpg", null)]
    [InlineData("patch_12.png", null)]
    [InlineData("tumour.png", null)]
    public void The_default_rule_knows_the_names_of_the_public_sets(string file, string? group) =>
        Assert.Equal(group, GroupRule.Default.GroupOf(file));

    [Theory]
    [InlineData("^p([0-9]+)-", "p12-3.jpg", "12")]
    [InlineData("^[a-z]+", "case-3.jpg", "case")]
    [InlineData("^p([0-9]+)-", "x.jpg", null)]
    public void A_given_rule_takes_the_first_group_or_the_whole_match(string pattern, string file, string? group) =>
        Assert.Equal(group, GroupRule.FromRegex(pattern).GroupOf(file));

    [Fact]
    public void What_is_no_regular_expression_is_refused() =>
        Assert.Throws<OptionException>(() => GroupRule.FromRegex("(["));
}
