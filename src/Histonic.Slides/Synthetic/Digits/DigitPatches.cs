using System.Globalization;

namespace Histonic.Slides.Synthetic.Digits;

/// <summary>Chooses patches of a picture to train encoders on.</summary>
/// <remarks>
/// A patch with white pixels is twice as likely as one without (papers.md 2.9). Classes, for supervised encoders: the digit that at least half of the patch's
/// pixels belong to; "part": there are white pixels, and no digit has half of it; "empty": there are none.
/// </remarks>
internal static class DigitPatches
{
    public const string Part = "part";
    public const string Empty = "empty";
    private const int Side = DigitSetOptions.Cell;

    /// <summary>Chooses patches, each anywhere in the picture.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="count">How many.</param>
    /// <param name="random">Decides.</param>
    /// <returns>Each one's upper left corner and its class.</returns>
    public static IEnumerable<(int X, int Y, string Class)> Choose(DigitPicture picture, int count, Random random)
    {
        while (count > 0)
        {
            var (x, y) = (random.Next(picture.Size - Side + 1), random.Next(picture.Size - Side + 1));
            var name = ClassOf(picture, x, y);
            if (string.Equals(name, Empty, StringComparison.Ordinal) && random.Next(2) == 0)
                continue;
            count--;
            yield return (x, y, name);
        }
    }

    /// <summary>The class of a patch.</summary>
    public static string ClassOf(DigitPicture picture, int left, int top)
    {
        Span<int> digits = stackalloc int[Side * Side];
        var white = false;
        for (var i = 0; i < digits.Length; i++)
        {
            var at = ((top + (i / Side)) * picture.Size) + left + (i % Side);
            white |= picture.Pixels[at] > 0;
            digits[i] = picture.Owners[at];
        }

        if (!white)
            return Empty;
        // whoever has half of them has the middle one of their order
        digits.Sort();
        var middle = digits[digits.Length / 2];
        return middle >= 0 && 2 * digits.Count(middle) >= digits.Length
            ? picture.Digits[middle].Digit.ToString(CultureInfo.InvariantCulture)
            : Part;
    }

    /// <summary>A patch's pixels: 9 × 9.</summary>
    public static byte[] Cut(DigitPicture picture, int left, int top)
    {
        var pixels = new byte[Side * Side];
        for (var row = 0; row < Side; row++)
            picture.Pixels.AsSpan(((top + row) * picture.Size) + left, Side).CopyTo(pixels.AsSpan(row * Side));
        return pixels;
    }
}
