using System.Globalization;
using Histonic.Slides;

namespace Histonic.Learning.Encoders.Training.Data;

/// <summary>The share of the patches, in [0, 1], that each part should get; they sum to 1.</summary>
/// <param name="Train">For fitting.</param>
/// <param name="Validation">For choosing.</param>
/// <param name="Test">For the figures at the end; may be 0.</param>
public readonly record struct SplitShares(double Train, double Validation, double Test)
{
    /// <summary>Gets 70 % / 15 % / 15 %.</summary>
    public static SplitShares Default { get; } = new(0.70, 0.15, 0.15);

    /// <summary>Understands shares such as 70/15/15 or 8/1/1.</summary>
    /// <param name="text">The words of the user.</param>
    /// <exception cref="OptionException">They are of another form.</exception>
    public static SplitShares Parse(string text)
    {
        double[] parts =
        [
            .. text.Split('/')
                .Select(part =>
                    double.TryParse(part, NumberStyles.Float, CultureInfo.InvariantCulture, out var share) ? share : -1
                ),
        ];
        return parts is [> 0, > 0, >= 0] && double.IsFinite(parts.Sum())
            ? new SplitShares(parts[0] / parts.Sum(), parts[1] / parts.Sum(), parts[2] / parts.Sum())
            : throw new OptionException("--split", text, "TRAIN/VALIDATION/TEST, such as 70/15/15; only TEST may be 0");
    }

    /// <summary>The share of one part.</summary>
    public double Of(SplitPart part) =>
        part switch
        {
            SplitPart.Train => Train,
            SplitPart.Validation => Validation,
            _ => Test,
        };
}
