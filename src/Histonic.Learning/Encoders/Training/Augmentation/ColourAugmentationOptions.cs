using Histonic.Slides;

namespace Histonic.Learning.Encoders.Training.Augmentation;

/// <summary>How far colours are moved in training, so that stain and scanner say nothing.</summary>
public sealed record ColourAugmentationOptions
{
    /// <summary>Gets the largest relative change and the largest shift of each stain (haematoxylin, eosin, DAB), in optical density.</summary>
    public double Stain { get; init; } = 0.05;

    /// <summary>Gets the largest change of brightness, as a share of white.</summary>
    public double Brightness { get; init; } = 0.05;

    /// <summary>Gets the largest relative change of the distance to the patch's mean.</summary>
    public double Contrast { get; init; } = 0.1;

    /// <summary>Gets the mean brightness in [0, 1] below which a patch's stains are left alone: it is black.</summary>
    public double Darkest { get; init; } = 0.05;

    /// <summary>Gets the mean brightness in [0, 1] above which a patch's stains are left alone: it is empty.</summary>
    public double Brightest { get; init; } = 0.95;

    /// <summary>The named sets, as --augmentation takes them.</summary>
    public static IReadOnlyDictionary<string, ColourAugmentationOptions> Named { get; } =
        new Dictionary<string, ColourAugmentationOptions>(StringComparer.Ordinal)
        {
            ["none"] = new()
            {
                Stain = 0,
                Brightness = 0,
                Contrast = 0,
            },
            ["light"] = new(),
            ["strong"] = new()
            {
                Stain = 0.2,
                Brightness = 0.1,
                Contrast = 0.35,
            },
        };

    /// <summary>Returns these options if every one of them can work.</summary>
    /// <exception cref="OptionException">An option cannot work; the message names it.</exception>
    public ColourAugmentationOptions Validated() =>
        this switch
        {
            { Stain: not (>= 0 and <= 1) } => throw new OptionException("stain augmentation", Stain, "from 0 to 1"),
            { Brightness: not (>= 0 and <= 1) } => throw new OptionException("brightness", Brightness, "from 0 to 1"),
            { Contrast: not (>= 0 and <= 1) } => throw new OptionException("contrast", Contrast, "from 0 to 1"),
            _ => this,
        };
}
