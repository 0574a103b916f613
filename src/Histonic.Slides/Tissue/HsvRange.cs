using System.Globalization;

namespace Histonic.Slides.Tissue;

/// <summary>A range of hue, saturation and value, in OpenCV's units for 8-bit pictures; all bounds are part of it.</summary>
/// <param name="LeastHue">From 0 to 180, half degrees: 0 red, 60 green, 120 blue. Above <paramref name="MostHue"/> the range runs through red.</param>
/// <param name="MostHue">From 0 to 180.</param>
/// <param name="LeastSaturation">From 0 to 255.</param>
/// <param name="MostSaturation">From 0 to 255.</param>
/// <param name="LeastValue">From 0 to 255.</param>
/// <param name="MostValue">From 0 to 255.</param>
public sealed record HsvRange(
    int LeastHue,
    int MostHue,
    int LeastSaturation,
    int MostSaturation,
    int LeastValue,
    int MostValue
)
{
    /// <summary>Gets the range in wide use for H&amp;E: hue 90 to 180, saturation from 8, which is also CLAM's default, value from 103.</summary>
    public static HsvRange Default { get; } = new(90, 180, 8, 255, 103, 255);

    /// <summary>Reads a range as it is given on a command line: hue, saturation, value, such as "90-180,8-255,103-255".</summary>
    /// <exception cref="OptionException">It is not of that form, or a bound is outside its unit.</exception>
    public static HsvRange Parse(string text)
    {
        var bounds = text.Split(',')
            .SelectMany(range => range.Split('-'))
            .Select(number =>
                int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : -1
            )
            .ToArray();
        return
            text.Split(',') is { Length: 3 } ranges
            && Array.TrueForAll(ranges, range => range.Split('-').Length == 2)
            && bounds is [>= 0 and <= 180, >= 0 and <= 180, ..]
            && bounds.AsSpan(2).IndexOfAnyExceptInRange(0, 255) < 0
            && bounds[2] <= bounds[3]
            && bounds[4] <= bounds[5]
            ? new HsvRange(bounds[0], bounds[1], bounds[2], bounds[3], bounds[4], bounds[5])
            : throw new OptionException(
                "--hsv",
                text,
                "three ranges, of hue (0 to 180), saturation and value (0 to 255), such as 90-180,8-255,103-255"
            );
    }

    /// <summary>Whether a colour lies in the range.</summary>
    public bool Contains(byte red, byte green, byte blue)
    {
        var (hue, saturation, value) = Of(red, green, blue);
        return (LeastHue <= MostHue ? hue >= LeastHue && hue <= MostHue : hue >= LeastHue || hue <= MostHue)
            && saturation >= LeastSaturation
            && saturation <= MostSaturation
            && value >= LeastValue
            && value <= MostValue;
    }

    /// <summary>Hue (0 to 180), saturation and value (0 to 255) of a colour, rounded to whole numbers.</summary>
    internal static (int Hue, int Saturation, int Value) Of(byte red, byte green, byte blue)
    {
        int most = Math.Max(red, Math.Max(green, blue)),
            spread = most - Math.Min(red, Math.Min(green, blue));
        if (spread == 0)
            return (0, 0, most);
        var degrees =
            most == red ? 60.0 * (green - blue) / spread
            : most == green ? 120 + (60.0 * (blue - red) / spread)
            : 240 + (60.0 * (red - green) / spread);
        var hue = (int)Math.Round((degrees < 0 ? degrees + 360 : degrees) / 2, MidpointRounding.AwayFromZero);
        return (hue == 180 ? 0 : hue, (int)Math.Round(255.0 * spread / most, MidpointRounding.AwayFromZero), most);
    }

    /// <summary>The range as <see cref="Parse"/> reads it.</summary>
    public override string ToString() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{LeastHue}-{MostHue},{LeastSaturation}-{MostSaturation},{LeastValue}-{MostValue}"
        );
}
