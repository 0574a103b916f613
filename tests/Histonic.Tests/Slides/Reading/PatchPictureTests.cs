using Histonic.Slides;
using Histonic.Slides.Reading;
using Histonic.Tests.Support;

namespace Histonic.Tests.Slides.Reading;

public sealed class PatchPictureTests
{
    [Fact]
    public void A_picture_comes_back_as_it_is_or_at_the_wanted_scale()
    {
        using var folder = new TemporaryFolder();
        var pixels = new byte[6 * 4 * 3];
        new Random(1).NextBytes(pixels);
        PictureFile.WritePng(folder["a.png"], new RgbImage(6, 4, pixels));
        Assert.Equal(pixels, PatchPicture.Read(folder["a.png"], (_, _) => 1).Pixels);
        var half = PatchPicture.Read(folder["a.png"], (width, height) => 12.0 / (width + height + 14));
        Assert.Equal((3, 2, 3 * 2 * 3), (half.Width, half.Height, half.Pixels.Length));
    }

    [Fact]
    public void Grey_becomes_colour()
    {
        using var folder = new TemporaryFolder();
        PictureFile.WriteGreyPng(folder["a.png"], 2, 1, [10, 200]);
        Assert.Equal([10, 10, 10, 200, 200, 200], PatchPicture.Read(folder["a.png"], (_, _) => 1).Pixels);
    }

    [Theory]
    [InlineData("")]
    [InlineData("no picture")]
    public void What_is_no_picture_is_an_input_at_fault(string content)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["a.png"], content);
        Assert.Throws<InputException>(() => PatchPicture.Read(folder["a.png"], (_, _) => 1));
        Assert.Throws<InputException>(() => PatchPicture.Read(folder["b.png"], (_, _) => 1));
    }

    [Fact]
    public void A_truncated_picture_is_an_input_at_fault()
    {
        using var folder = new TemporaryFolder();
        var pixels = new byte[64 * 64 * 3];
        new Random(1).NextBytes(pixels);
        PictureFile.WritePng(folder["a.png"], new RgbImage(64, 64, pixels));
        File.WriteAllBytes(folder["b.png"], File.ReadAllBytes(folder["a.png"])[..4000]);
        Assert.Throws<InputException>(() => PatchPicture.Read(folder["b.png"], (_, _) => 1));
    }
}
