using System.Globalization;
using Histonic.Slides;

namespace Histonic.Learning.Encoders.Training.Augmentation;

/// <summary>The numbers from a low to a high one; each is as likely to be drawn as another.</summary>
/// <param name="Low">The lowest.</param>
/// <param name="High">The highest, not below it.</param>
public readonly record struct NumberRange(double Low, double High)
{
    private const string Dots = "..";

    /// <summary>Understands LOW..HIGH, or one number for both.</summary>
    /// <param name="option">Whose value it is, for the error.</param>
    /// <param name="text">The words of the user.</param>
    /// <exception cref="OptionException">They are of another form.</exception>
    public static NumberRange Parse(string option, string text)
    {
        var dots = text.IndexOf(Dots, StringComparison.Ordinal);
        var (low, high) = dots < 0 ? (text, text) : (text[..dots], text[(dots + Dots.Length)..]);
        return
            double.TryParse(low, NumberStyles.Float, CultureInfo.InvariantCulture, out var from)
            && double.TryParse(high, NumberStyles.Float, CultureInfo.InvariantCulture, out var to)
            ? new NumberRange(from, to)
            : throw new OptionException(option, text, "a number, or two as LOW..HIGH");
    }

    /// <summary>Whether all of it lies within bounds, and the low end is not above the high one.</summary>
    public bool Within(double least, double most) => Low >= least && High <= most && Low <= High;

    /// <summary>The number at a share of the way from the low end to the high one.</summary>
    /// <param name="share">In [0, 1].</param>
    public double At(double share) => Low + ((High - Low) * share);

    /// <summary>The words that <see cref="Parse"/> understands.</summary>
    public override string ToString() =>
        Low.Equals(High)
            ? Low.ToString(CultureInfo.InvariantCulture)
            : string.Create(CultureInfo.InvariantCulture, $"{Low}{Dots}{High}");
}
