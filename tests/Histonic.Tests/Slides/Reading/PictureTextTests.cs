using Histonic.Slides.Reading;

namespace Histonic.Tests.Slides.Reading;

public sealed class PictureTextTests
{
    [Fact]
    public void Words_are_black_on_white_and_longer_ones_are_wider()
    {
        var (word, words) = (PictureText.Draw("tumour", 14), PictureText.Draw("tumour and stroma", 14));
        Assert.SkipWhen(word is null || words is null, "needs a font");
        Assert.True(words.Width > word.Width);
        Assert.InRange(word.Height, 8, 24);
        Assert.InRange(word.Pixels.Min(), 0, 80);
        Assert.Equal(255, word.Pixels.Max());
        Assert.True(PictureText.Draw("tumour\nstroma", 14)!.Height > word.Height + 8);
    }

    [Fact]
    public void Signs_of_markup_are_words_too_and_nothing_is_no_picture()
    {
        Assert.SkipWhen(PictureText.Draw("tumour", 14) is null, "needs a font");
        Assert.NotNull(PictureText.Draw("<5 % & >90 %, 'n/a'", 14));
        Assert.Null(PictureText.Draw(" ", 14));
    }
}
