using System.Security.Cryptography;
using Histonic.Slides;
using Histonic.Slides.Reading;
using Histonic.Tests.Support;

namespace Histonic.Tests.Slides.Reading;

/// <summary>Golden values: tests/golden/openslide_regions.py (openslide-python 1.1.2 on OpenSlide 3.4.1).</summary>
public sealed class SlideReaderRealTests
{
    [Fact]
    public void An_aperio_slide_tells_levels_pixel_size_objective_and_associated_images()
    {
        using var slide = SlideReader.Open(RealData.Path("slides/CMU-1-Small-Region.svs"));

        Assert.Equal("Aperio SVS", slide.Format);
        Assert.Equal([new SlideLevel(0, 2220, 2967, 1, 240, 240, "jpeg")], slide.Levels);
        Assert.Equal(new PixelSize(new Microns(0.499), "aperio"), slide.PixelSize);
        Assert.Equal(20, slide.Objective);
        Assert.Equal(["label", "macro", "thumbnail"], slide.AssociatedImages.Order());
        var label = slide.ReadAssociated("label");
        Assert.Equal((387, 463), (label.Width, label.Height));
    }

    [Theory]
    [MemberData(nameof(Regions))]
    public void Pixels_equal_those_of_openslide(int x, int y, int width, int height, string sha256)
    {
        using var slide = SlideReader.Open(RealData.Path("slides/CMU-1-Small-Region.svs"));
        var rgb = new byte[width * height * 3];

        slide.ReadRegion(0, x, y, width, height, rgb);

        Assert.Equal(sha256, Convert.ToHexStringLower(SHA256.HashData(rgb)));
    }

    public static TheoryData<int, int, int, int, string> Regions() =>
        new()
        {
            { 0, 0, 128, 128, "c83cbd9b54755f3de99c7726d972a07910effc3fd37486335a4c3edc8049ce8d" },
            { 0, 0, 2220, 2967, "0f88f63efc00700c336792997f8c49b0029795cf461d311343296682fac152bf" },
            { 1011, 703, 517, 261, "40c712a09f4d454bc3183c0474563056ff49653ead121ba44d202c91f9638762" },
            { 2200, 2960, 20, 7, "b81fe3a91f26f2f3261ec45a0cfe8146fe0e27085614a11969b4a82685b8d40a" },
            { -30, -20, 64, 64, "9d808daca585f8ddc6baff7b536a535c4cd78bcba6aaad0155620de3fcc273d6" },
            { 2200, 2950, 100, 100, "a3ef654bab0d30c53b91b604bbd08b2a9fa581722d4271b87339d67739507b9a" },
            { 5000, 5000, 8, 8, "8f62c344eff1568474fb693b8c18526629db443b9653a84264189c97693605de" },
        };
}
