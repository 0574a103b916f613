using Histonic.Slides;
using Histonic.Slides.Reading;
using Histonic.Slides.Synthetic;
using Histonic.Slides.Tissue;
using Histonic.Tests.Support;

namespace Histonic.Tests.Slides.Tissue;

public sealed class TissueOptionsTests
{
    // What is recorded decides whether a slide is compressed again: a change here is one for every user.
    [Fact]
    public void What_is_recorded_names_all_that_decides_a_mask()
    {
        var options = new TissueOptions();

        Assert.Equal("otsu-saturation, pen removed 4 20000 40000", options.Describe("a"));
        Assert.Equal("otsu-saturation 4 20000 40000", (options with { KeepPen = true }).Describe("a"));
        Assert.Equal(
            "otsu-saturation, pen removed, blur above 1.8 µm removed 4 20000 40000",
            (options with { MaxBlur = new Microns(1.8) }).Describe("a")
        );
        Assert.Equal(
            "hsv 90-180,8-255,103-255, pen removed 4 20000 40000",
            (options with { Method = new TissueMethod.Hsv(HsvRange.Default) }).Describe("a")
        );
        Assert.Equal("none", (options with { Method = new TissueMethod.Everything() }).Describe("a"));
    }

    [Theory]
    [InlineData(0.4)]
    [InlineData(double.NaN)]
    public void A_blur_that_cannot_be_is_refused(double blur) =>
        Assert.Throws<OptionException>(() => new TissueOptions { MaxBlur = new Microns(blur) }.Validated());

    [Fact]
    public void Without_a_method_everything_is_tissue()
    {
        using var folder = new TemporaryFolder();
        using var slide = SlideReader.Open(TestSlides.WriteTiff(folder["a.tif"], TestSlides.Pattern(300, 200)));

        var mask = TissueDetector.Detect(slide, new TissueOptions { Method = new TissueMethod.Everything() });

        Assert.Equal((1.0, "none"), (mask.TissueShare, mask.Method));
    }

    [Fact]
    public void Pale_and_dark_tissue_out_of_focus_goes_and_what_is_sharp_stays()
    {
        using var folder = new TemporaryFolder();
        foreach (var contrast in (double[])[1, 0.3])
        {
            using var slide = SlideReader.Open(
                TestSlides.WriteTiff(folder["a.tif"], HalfBlurred(contrast), pixelSize: 0.5, pyramid: true)
            );

            var mask = TissueDetector.Detect(slide, new TissueOptions { MaxBlur = new Microns(1.8) });

            Assert.InRange(mask.Share(0, 0, 400), 0.99, 1);
            Assert.InRange(mask.Share(624, 0, 400), 0, 0.01);
        }
    }

    [Fact]
    public void Glass_around_a_slide_does_not_change_the_tissue_found_on_it()
    {
        using var folder = new TemporaryFolder();
        SyntheticCohort.Write(
            folder["cohort"],
            new CohortOptions { Slides = 4, SlideSize = 1024 },
            new Seed(11),
            SilentMonitor.Instance,
            TestContext.Current.CancellationToken
        );
        foreach (var path in Directory.GetFiles(folder["cohort/slides"]))
        {
            using var slide = SlideReader.Open(path);
            var thumbnail = slide.ReadShrunk(16);
            var inner = TissueDetector.Detect(thumbnail, 64, new TissueOptions());
            var (width, margin) = (thumbnail.Width + 100, 50);
            var outer = TissueDetector.Detect(Framed(thumbnail, margin), 64, new TissueOptions());

            int both = 0,
                found = 0;
            for (var i = 0; i < outer.Count; i++)
            {
                var (x, y) = ((i % width) - margin, (i / width) - margin);
                var inside = x >= 0 && y >= 0 && x < thumbnail.Width && y < thumbnail.Height;
                var before = inside && inner[(y * thumbnail.Width) + x];
                found += (outer[i] ? 1 : 0) + (before ? 1 : 0);
                both += outer[i] && before ? 2 : 0;
            }

            Assert.InRange(both / (double)found, 0.99, 1);
        }
    }

    /// <summary>A picture with a margin of glass as bright as its own top-left corner.</summary>
    private static RgbImage Framed(RgbImage picture, int margin)
    {
        var (width, height) = (picture.Width + (2 * margin), picture.Height + (2 * margin));
        var pixels = new byte[width * height * 3];
        for (var i = 0; i < pixels.Length; i++)
            pixels[i] = picture.Pixels[i % 3];
        for (var y = 0; y < picture.Height; y++)
        {
            picture
                .Pixels.AsSpan(y * picture.Width * 3, picture.Width * 3)
                .CopyTo(pixels.AsSpan((((y + margin) * width) + margin) * 3));
        }

        return new RgbImage(width, height, pixels);
    }

    /// <summary>Pink tissue with nuclei of 12 µm; the right half seen through a Gaussian blur of 4 µm.</summary>
    private static RgbImage HalfBlurred(double contrast)
    {
        const int Side = 1024;
        var random = new Random(3);
        var nuclei = new float[Side * Side];
        for (var n = 0; n < 1500; n++)
        {
            var (cx, cy, radius) = (random.Next(Side), random.Next(Side), 8 + random.Next(6));
            for (var y = Math.Max(cy - radius, 0); y < Math.Min(cy + radius, Side); y++)
            {
                for (var x = Math.Max(cx - radius, 0); x < Math.Min(cx + radius, Side); x++)
                {
                    if (((x - cx) * (x - cx)) + ((y - cy) * (y - cy)) < radius * radius)
                        nuclei[(y * Side) + x] = 1;
                }
            }
        }

        using var raw = NetVips.Image.NewFromMemory(nuclei, Side, Side, 1, NetVips.Enums.BandFormat.Float);
        using var soft = raw.Gaussblur(8);
        var blurred = soft.WriteToMemory<float>();
        var pixels = new byte[Side * Side * 3];
        for (var i = 0; i < nuclei.Length; i++)
        {
            var amount = contrast * (i % Side < Side / 2 ? nuclei[i] : blurred[i]);
            (pixels[i * 3], pixels[(i * 3) + 1], pixels[(i * 3) + 2]) = (
                (byte)(225 - (100 * amount)),
                (byte)(165 - (90 * amount)),
                (byte)(200 - (50 * amount))
            );
        }

        return new RgbImage(Side, Side, pixels);
    }
}
