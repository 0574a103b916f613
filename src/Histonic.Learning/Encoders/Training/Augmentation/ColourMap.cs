using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Histonic.Learning.Encoders.Training.Augmentation;

/// <summary>Hue, saturation, contrast and brightness of a view.</summary>
internal static class ColourMap
{
    /// <summary>Turns the hue and changes the saturation; the value, the largest of the three colours, stays (HSV, Smith 1978).</summary>
    /// <remarks>
    /// A change δ of the saturation s makes s (1 + δ) of it below 0, and s (1 + δ (1 − s)) above: it never leaves [0, 1], and grey stays grey.
    /// </remarks>
    /// <param name="hue">The turn of the hue, as a share of the circle.</param>
    /// <param name="saturation">The change δ of the saturation, from −1 to 1.</param>
    /// <param name="red">Reds in [0, 1]; a multiple of 8.</param>
    /// <param name="green">Greens.</param>
    /// <param name="blue">Blues.</param>
    public static void TurnHue(double hue, double saturation, Span<float> red, Span<float> green, Span<float> blue)
    {
        ref var reds = ref MemoryMarshal.GetReference(red);
        ref var greens = ref MemoryMarshal.GetReference(green);
        ref var blues = ref MemoryMarshal.GetReference(blue);
        var turn = Vector256.Create((float)(6 * (hue - Math.Floor(hue))));
        var change = Vector256.Create((float)saturation);
        var (zero, one) = (Vector256<float>.Zero, Vector256<float>.One);
        for (nuint i = 0; i < (nuint)red.Length; i += (nuint)Vector256<float>.Count)
        {
            var r = Vector256.LoadUnsafe(ref reds, i);
            var g = Vector256.LoadUnsafe(ref greens, i);
            var b = Vector256.LoadUnsafe(ref blues, i);
            var value = Vector256.Max(r, Vector256.Max(g, b));
            var chroma = value - Vector256.Min(r, Vector256.Min(g, b));

            // the hue in sixths of the circle, red at 0, green at 2, blue at 4; any, where there is no colour
            var divisor = Vector256.ConditionalSelect(Vector256.Equals(chroma, zero), one, chroma);
            var sixths = Vector256.ConditionalSelect(
                Vector256.Equals(value, r),
                (g - b) / divisor,
                Vector256.ConditionalSelect(
                    Vector256.Equals(value, g),
                    ((b - r) / divisor) + Vector256.Create(2f),
                    ((r - g) / divisor) + Vector256.Create(4f)
                )
            );
            sixths += turn;

            // chroma = saturation · value, and a change of the first changes the second in proportion
            var grown =
                saturation > 0
                    ? chroma * (one + (change * (one - (chroma / Vector256.Max(value, Vector256.Create(1e-20f))))))
                    : chroma * (one + change);
            Shade(value, grown, sixths, 5).StoreUnsafe(ref reds, i);
            Shade(value, grown, sixths, 3).StoreUnsafe(ref greens, i);
            Shade(value, grown, sixths, 1).StoreUnsafe(ref blues, i);
        }
    }

    /// <summary>Changes contrast and brightness: x becomes brightness · (mean + contrast · (x − mean)), cut off at 0 and 1.</summary>
    /// <param name="contrast">The factor of the distance to the mean.</param>
    /// <param name="brightness">The factor of all.</param>
    /// <param name="mean">The view's mean over all pixels and colours.</param>
    /// <param name="plane">A colour's numbers in [0, 1]; a multiple of 8.</param>
    public static void Stretch(double contrast, double brightness, double mean, Span<float> plane)
    {
        var factor = Vector256.Create((float)(brightness * contrast));
        var shift = Vector256.Create((float)(brightness * mean * (1 - contrast)));
        ref var numbers = ref MemoryMarshal.GetReference(plane);
        for (nuint i = 0; i < (nuint)plane.Length; i += (nuint)Vector256<float>.Count)
        {
            var changed = Vector256.FusedMultiplyAdd(Vector256.LoadUnsafe(ref numbers, i), factor, shift);
            Vector256
                .Min(Vector256.Max(changed, Vector256<float>.Zero), Vector256<float>.One)
                .StoreUnsafe(ref numbers, i);
        }
    }

    // value − chroma · max(0, min(k, 4 − k, 1)) with k = (number + hue in sixths) modulo 6
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Shade(
        Vector256<float> value,
        Vector256<float> chroma,
        Vector256<float> sixths,
        float number
    )
    {
        var k = sixths + Vector256.Create(number);
        k -= Vector256.Floor(k * (1 / 6f)) * 6f;
        var share = Vector256.Min(Vector256.Min(k, Vector256.Create(4f) - k), Vector256<float>.One);
        return value - (chroma * Vector256.Max(share, Vector256<float>.Zero));
    }
}
