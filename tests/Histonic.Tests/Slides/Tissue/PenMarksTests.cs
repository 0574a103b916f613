using CsCheck;
using Histonic.Slides.Reading;
using Histonic.Slides.Tissue;

namespace Histonic.Tests.Slides.Tissue;

public sealed class PenMarksTests
{
    private const int Side = 100;
    private const double PixelArea = 64; // 8 µm

    private static readonly (byte R, byte G, byte B) _glass = (240, 240, 242);
    private static readonly (byte R, byte G, byte B) _eosin = (225, 170, 200);

    public static TheoryData<string, byte, byte, byte> Inks =>
        new()
        {
            { "blue", 35, 70, 175 },
            { "green", 45, 135, 75 },
            { "black", 30, 30, 32 },
            { "red", 200, 35, 50 },
        };

    public static TheoryData<string, byte, byte, byte> Tissues =>
        new()
        {
            { "dense lymphocytes", 90, 60, 140 },
            { "blue-purple hematoxylin", 85, 85, 160 },
            { "overstained nuclei", 55, 30, 85 },
            { "tumour", 140, 95, 165 },
            { "red blood cells", 200, 90, 100 },
            { "a haemorrhage", 202, 61, 68 },
            { "dense blood", 175, 45, 50 },
            { "strong eosin", 215, 90, 150 },
            { "dense DAB", 75, 45, 30 },
        };

    [Theory]
    [MemberData(nameof(Inks))]
    public void A_stroke_over_glass_and_tissue_is_removed_and_the_rest_stays(string ink, byte r, byte g, byte b)
    {
        var picture = Picture((x, y) => Under(InTissue(x, y) ? _eosin : _glass, Stroke(x, y), (r, g, b)));

        var tissue = TissueDetector.Detect(picture, PixelArea, new TissueOptions());

        for (var i = 0; i < tissue.Count; i++)
        {
            var (x, y) = (i % Side, i / Side);
            if (Stroke(x, y) || !InTissue(x, y))
                Assert.False(tissue[i], $"{ink} at {x}, {y}");
            else if (Math.Abs(y - 55) > 15 && x is > 22 and < 77 && y is > 22 and < 77)
                Assert.True(tissue[i], $"tissue beside {ink} at {x}, {y}");
        }
    }

    // Marks are looked for in pixels of 8 µm; what finer pixels are for is their rim.
    [Theory]
    [MemberData(nameof(Inks))]
    public void In_finer_pixels_a_stroke_loses_a_finer_rim(string ink, byte r, byte g, byte b)
    {
        var picture = Picture((x, y) => Under(InTissue(x, y) ? _eosin : _glass, Stroke(x, y), (r, g, b)));

        var tissue = TissueDetector.Detect(picture, PixelArea / 4, new TissueOptions { MinArea = 0 });

        for (var x = 22; x < 68; x++)
        {
            for (var y = 48; y < 62; y++)
                Assert.False(tissue[x, y], $"{ink} at {x}, {y}");
            Assert.Equal([true, true], [tissue[x, 46], tissue[x, 63]]); // one pixel beside it goes, where pixels of 8 µm lose two of these
        }
    }

    // Over glass red ink may be as pale as blood; what joins other marks, on a slide with marks of red ink, is none.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Red_that_is_too_pale_to_be_sure_goes_where_it_joins_marks_on_a_slide_with_red_marks(bool drawn)
    {
        bool Blue(int x, int y) => y is >= 48 and < 62;
        bool Pale(int x, int y) => x is >= 40 and < 54 && y >= 62;
        bool Red(int x, int y) => drawn && x is >= 40 and < 54 && y < 48;
        var picture = Picture(
            (x, y) =>
                Blue(x, y) ? ((byte)35, (byte)70, (byte)175)
                : Red(x, y) ? ((byte)200, (byte)35, (byte)50)
                : Pale(x, y) ? ((byte)212, (byte)65, (byte)80)
                : _glass
        );

        var marks = PenMarks.Find(picture, PixelArea);

        Assert.Equal([true, drawn, drawn], [marks[10, 55], marks[47, 80], marks[47, 20]]);
    }

    [Theory]
    [MemberData(nameof(Inks))]
    public void Keeping_pen_keeps_it(string ink, byte r, byte g, byte b)
    {
        var picture = Picture((x, y) => Under(InTissue(x, y) ? _eosin : _glass, Stroke(x, y), (r, g, b)));

        var tissue = TissueDetector.Detect(picture, PixelArea, new TissueOptions { KeepPen = true });

        Assert.True(tissue[(55 * Side) + 50] || string.Equals(ink, "black", StringComparison.Ordinal)); // black has no colour
        Assert.True(tissue[(70 * Side) + 50]);
    }

    [Theory]
    [MemberData(nameof(Tissues))]
    public void Large_areas_of_what_tissue_looks_like_stay(string kind, byte r, byte g, byte b)
    {
        var picture = Picture(
            (x, y) =>
                !InTissue(x, y) ? _glass
                : x > 45 ? (r, g, b)
                : _eosin
        );

        Assert.True(PenMarks.Find(picture, PixelArea).IsEmpty, kind);
    }

    [Fact]
    public void Black_specks_are_dust_which_is_filled_within_tissue_and_no_tissue_on_glass()
    {
        bool Speck(int x, int y) =>
            (x is >= 50 and < 54 && y is >= 50 and < 54) || (x is >= 5 and < 9 && y is >= 5 and < 9);
        var picture = Picture(
            (x, y) =>
                Speck(x, y) ? ((byte)25, (byte)25, (byte)25)
                : InTissue(x, y) ? _eosin
                : _glass
        );

        var tissue = TissueDetector.Detect(picture, PixelArea, new TissueOptions());

        Assert.Equal([true, false], [tissue[(52 * Side) + 52], tissue[(7 * Side) + 7]]);
    }

    [Fact]
    public void A_slide_whose_tissue_was_mostly_taken_for_pen_is_told()
    {
        var warnings = new List<string>();
        var picture = Picture((x, y) => InTissue(x, y) ? (y < 70 ? ((byte)40, (byte)75, (byte)180) : _eosin) : _glass);

        TissueDetector.Detect(picture, PixelArea, new TissueOptions(), warnings);

        Assert.Contains("--keep-pen", Assert.Single(warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Turning_and_mirroring_the_picture_turns_the_mask() =>
        Gen.Select(Gen.Int[0, 5].Array[6 * 6], Gen.Int[1, 7], Gen.OneOf(Gen.Const(16.0), Gen.Const(400.0)))
            .Sample(
                (blocks, symmetry, pixelArea) =>
                {
                    (byte, byte, byte)[] colours =
                    [
                        _glass,
                        _eosin,
                        (110, 70, 150),
                        (35, 70, 175),
                        (200, 35, 50),
                        (30, 30, 32),
                    ];
                    (byte, byte, byte) At(int x, int y) => colours[blocks[(y / 6 * 6) + (x / 6)]];
                    var options = new TissueOptions();
                    var plain = TissueDetector.Detect(Picture(At, 36), pixelArea, options);
                    var turned = TissueDetector.Detect(
                        Picture(
                            (x, y) =>
                            {
                                var (u, v) = Turn(x, y, 36, symmetry);
                                return At(u, v);
                            },
                            36
                        ),
                        pixelArea,
                        options
                    );

                    for (var i = 0; i < plain.Count; i++)
                    {
                        var (u, v) = Turn(i % 36, i / 36, 36, symmetry);
                        Assert.Equal(plain[(v * 36) + u], turned[i]);
                    }
                }
            );

    private static (int X, int Y) Turn(int x, int y, int side, int symmetry)
    {
        if ((symmetry & 4) != 0)
            (x, y) = (y, x);
        return ((symmetry & 1) != 0 ? side - 1 - x : x, (symmetry & 2) != 0 ? side - 1 - y : y);
    }

    private static bool InTissue(int x, int y) => x is >= 20 and < 80 && y is >= 20 and < 80;

    private static bool Stroke(int x, int y) => y is >= 48 and < 62 && x < 70;

    /// <summary>Ink on tissue: both take their share of the light.</summary>
    private static (byte, byte, byte) Under(
        (byte R, byte G, byte B) tissue,
        bool inked,
        (byte R, byte G, byte B) ink
    ) =>
        inked
            ? ((byte)(tissue.R * ink.R / 255), (byte)(tissue.G * ink.G / 255), (byte)(tissue.B * ink.B / 255))
            : tissue;

    private static RgbImage Picture(Func<int, int, (byte R, byte G, byte B)> colour, int side = Side)
    {
        var pixels = new byte[side * side * 3];
        for (var i = 0; i < side * side; i++)
            (pixels[i * 3], pixels[(i * 3) + 1], pixels[(i * 3) + 2]) = colour(i % side, i / side);
        return new RgbImage(side, side, pixels);
    }
}
