using System.Numerics;
using CsCheck;
using Histonic.Learning.Encoders.Training.Augmentation;

namespace Histonic.Tests.Learning.Encoders.Training.Augmentation;

/// <summary>The changes of colour against their formulas, written out for one pixel in double precision.</summary>
public sealed class ColourTests
{
    private static readonly Gen<float[]> _colours = Gen.Frequency(
        (8, Gen.Int[0, 255].Select(x => x / 255f)),
        (1, Gen.Const(0f)),
        (1, Gen.Const(1f))
    ).Array[24];

    private static readonly Gen<double> _within = Gen.Double[-1, 1];

    [Fact]
    public void Stains_move_as_the_formula_says() =>
        Gen.Select(_colours, Gen.Double[-0.2, 0.2].Array[6])
            .Sample(
                (colours, draws) =>
                {
                    var factor = new Vector3((float)(1 + draws[0]), (float)(1 + draws[1]), (float)(1 + draws[2]));
                    var shift = new Vector3((float)draws[3], (float)draws[4], (float)draws[5]);
                    Check(
                        colours,
                        (red, green, blue) => new StainMap(factor, shift).Apply(red, green, blue),
                        pixel => Stained(pixel, draws),
                        2e-5
                    );
                }
            );

    [Fact]
    public void Stains_that_do_not_move_leave_every_colour() =>
        _colours.Sample(colours =>
            Check(
                colours,
                (red, green, blue) => new StainMap(Vector3.One, Vector3.Zero).Apply(red, green, blue),
                pixel => pixel,
                2e-5
            )
        );

    [Fact]
    public void Hue_and_saturation_change_as_the_textbook_says() =>
        Gen.Select(_colours, _within, _within)
            .Sample(
                (colours, hue, saturation) =>
                    Check(
                        colours,
                        (red, green, blue) => ColourMap.TurnHue(hue, saturation, red, green, blue),
                        pixel => Turned(pixel, hue, saturation),
                        2e-5
                    )
            );

    [Fact]
    public void A_hue_turned_by_nothing_or_there_and_back_is_what_it_was() =>
        Gen.Select(_colours, _within)
            .Sample(
                (colours, hue) =>
                {
                    Check(
                        colours,
                        (red, green, blue) => ColourMap.TurnHue(0, 0, red, green, blue),
                        pixel => pixel,
                        1e-6
                    );
                    Check(
                        colours,
                        (red, green, blue) =>
                        {
                            ColourMap.TurnHue(hue, 0, red, green, blue);
                            ColourMap.TurnHue(-hue, 0, red, green, blue);
                        },
                        pixel => pixel,
                        1e-5
                    );
                }
            );

    [Fact]
    public void A_third_of_the_circle_makes_red_green_and_no_saturation_makes_grey()
    {
        Check(
            [.. Enumerable.Repeat(0.8f, 8), .. Enumerable.Repeat(0.1f, 8), .. Enumerable.Repeat(0.2f, 8)],
            (red, green, blue) => ColourMap.TurnHue(1 / 3.0, 0, red, green, blue),
            _ => [0.2, 0.8, 0.1],
            1e-6
        );
        Check(
            [.. Enumerable.Repeat(0.8f, 8), .. Enumerable.Repeat(0.1f, 8), .. Enumerable.Repeat(0.2f, 8)],
            (red, green, blue) => ColourMap.TurnHue(0.3, -1, red, green, blue),
            _ => [0.8, 0.8, 0.8],
            1e-6
        );
    }

    [Fact]
    public void Contrast_works_about_the_mean_and_brightness_about_black() =>
        Gen.Select(_colours, Gen.Double[0, 2], Gen.Double[0, 2], Gen.Double[0, 1])
            .Sample(
                (colours, contrast, brightness, mean) =>
                    Check(
                        colours,
                        (red, green, blue) =>
                        {
                            ColourMap.Stretch(contrast, brightness, mean, red);
                            ColourMap.Stretch(contrast, brightness, mean, green);
                            ColourMap.Stretch(contrast, brightness, mean, blue);
                        },
                        pixel =>
                            [.. pixel.Select(x => Math.Clamp(brightness * (mean + (contrast * (x - mean))), 0, 1))],
                        1e-5
                    )
            );

    // eight pixels: their reds, then greens, then blues
    private static void Check(
        float[] colours,
        Action<float[], float[], float[]> change,
        Func<double[], double[]> expected,
        double tolerance
    )
    {
        float[][] planes = [.. colours.Chunk(8)];
        var wanted = Enumerable.Range(0, 8).Select(i => expected([planes[0][i], planes[1][i], planes[2][i]])).ToList();
        change(planes[0], planes[1], planes[2]);
        for (var i = 0; i < 8; i++)
        {
            for (var colour = 0; colour < 3; colour++)
                Assert.Equal(wanted[i][colour], planes[colour][i], tolerance);
        }
    }

    // unmixed, moved and mixed again, as the papers write it; the inverse is solved by Cramer's rule
    private static double[] Stained(double[] rgb, double[] draws)
    {
        double[][] mix =
        [
            [0.65, 0.70, 0.29],
            [0.07, 0.99, 0.11],
            [0.27, 0.57, 0.78],
        ];
        var density = rgb.Select(x => -Math.Log(((x * 255) + 1) / 256)).ToArray();
        var whole = Determinant(mix);
        var stains = Enumerable
            .Range(0, 3)
            .Select(stain => Determinant([.. mix.Select((row, i) => i == stain ? density : row)]) / whole)
            .ToArray();
        var moved = stains.Select((s, i) => (s * (1 + draws[i])) + draws[i + 3]).ToArray();
        return
        [
            .. Enumerable
                .Range(0, 3)
                .Select(colour =>
                    (0.0 + (moved[0] * mix[0][colour])) + (moved[1] * mix[1][colour]) + (moved[2] * mix[2][colour])
                )
                .Select(mixed => Math.Clamp(((Math.Exp(-mixed) * 256) - 1) / 255, 0, 1)),
        ];
    }

    private static double Determinant(double[][] m) =>
        (m[0][0] * ((m[1][1] * m[2][2]) - (m[1][2] * m[2][1])))
        - (m[0][1] * ((m[1][0] * m[2][2]) - (m[1][2] * m[2][0])))
        + (m[0][2] * ((m[1][0] * m[2][1]) - (m[1][1] * m[2][0])));

    // by sectors of the circle, as HSV was first written down
    private static double[] Turned(double[] rgb, double turn, double change)
    {
        var (value, least) = (rgb.Max(), rgb.Min());
        if (value == least)
            return rgb;
        var strongest = Array.IndexOf(rgb, value);
        var hue = ((2 * strongest) + ((rgb[(strongest + 1) % 3] - rgb[(strongest + 2) % 3]) / (value - least))) / 6;
        var saturation = (value - least) / value;
        saturation *= change < 0 ? 1 + change : 1 + (change * (1 - saturation));
        hue = (hue + turn + 2) % 1 * 6;
        var part = hue - Math.Floor(hue);
        var (p, q, t) = (
            value * (1 - saturation),
            value * (1 - (saturation * part)),
            value * (1 - (saturation * (1 - part)))
        );
        return (int)hue switch
        {
            0 => [value, t, p],
            1 => [q, value, p],
            2 => [p, value, t],
            3 => [p, q, value],
            4 => [t, p, value],
            _ => [value, p, q],
        };
    }
}
