using CsCheck;
using Histonic.Learning.Encoders.Training.Augmentation;
using Histonic.Slides;

namespace Histonic.Tests.Learning.Encoders.Training.Augmentation;

public sealed class AugmentationOptionsTests
{
    private static readonly Gen<AugmentationOptions> _options =
        from symmetries in Gen.Bool
        from scale in Gen.Double[0, 0.5]
        from elastic in Range(0, 1000)
        from sigma in Range(2, 100)
        from shares in Gen.Double[0, 1].Array[8]
        from blur in Gen.Double[0, 16]
        select new AugmentationOptions
        {
            Symmetries = symmetries,
            Scale = scale,
            Elastic = elastic,
            ElasticSigma = sigma,
            Stain = shares[0],
            Hue = shares[1],
            Saturation = shares[2],
            Contrast = shares[3],
            Brightness = shares[4],
            Noise = shares[5],
            Darkest = shares[6],
            Brightest = shares[7],
            Blur = blur,
        };

    [Fact]
    public void Options_are_what_their_words_say() =>
        _options.Sample(options => Assert.Equal(options, AugmentationOptions.Parse(options.ToString())));

    [Fact]
    public void A_named_set_is_called_by_its_name_and_one_near_it_by_the_difference()
    {
        Assert.All(AugmentationOptions.Named, set => Assert.Equal(set.Key, set.Value.ToString()));
        Assert.Equal("light", new AugmentationOptions().ToString());
        Assert.Equal("strong,hue=0.1", AugmentationOptions.Parse(" strong , hue = 1e-1 ").ToString());
        Assert.Equal("light,elastic=80..120", AugmentationOptions.Parse("light,elastic=80..120").ToString());
        Assert.Equal("light,symmetries=off", AugmentationOptions.Parse("light,symmetries=off").ToString());
    }

    [Fact]
    public void Changes_change_what_they_name_and_the_last_of_one_name_counts()
    {
        var options = AugmentationOptions.Parse("papers,hed=0.1,elastic=90,noise=0,noise=0.03");
        Assert.Equal(
            AugmentationOptions.Named["papers"] with
            {
                Stain = 0.1,
                Elastic = new NumberRange(90, 90),
                Noise = 0.03,
            },
            options
        );
    }

    [Theory]
    [InlineData("", "--augmentation")]
    [InlineData("heavy", "light")]
    [InlineData("hed=0.1", "none, light, papers, strong")]
    [InlineData("light,", "NAME=VALUE")]
    [InlineData("light,stein=0.1", "hed")]
    [InlineData("light,hed", "NAME=VALUE")]
    [InlineData("light,hed=much", "a number")]
    [InlineData("light,hed=NaN", "from 0 to 1")]
    [InlineData("light,hed=-0.1", "from 0 to 1")]
    [InlineData("light,scale=0.6", "from 0 to 0.5")]
    [InlineData("light,elastic=120..80", "lower number first")]
    [InlineData("light,elastic=80-120", "LOW..HIGH")]
    [InlineData("light,elastic-sigma=1", "from 2 to 100")]
    [InlineData("light,symmetries=1", "on or off")]
    [InlineData("light,blur=17", "from 0 to 16")]
    public void What_cannot_work_is_named_with_what_can(string text, string expected)
    {
        var error = Assert.Throws<OptionException>(() => AugmentationOptions.Parse(text));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    private static Gen<NumberRange> Range(double least, double most) =>
        from ends in Gen.Double[least, most].Array[2]
        select new NumberRange(ends.Min(), ends.Max());
}
