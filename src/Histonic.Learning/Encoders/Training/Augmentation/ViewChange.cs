using System.Numerics;
using Histonic.Learning.Encoders.Training.Data;

namespace Histonic.Learning.Encoders.Training.Augmentation;

/// <summary>How one view is changed: what was drawn for it.</summary>
internal readonly record struct ViewChange()
{
    private const uint Purpose = 2;

    /// <summary>Gets how the view is turned and mirrored.</summary>
    public Symmetry Symmetry { get; init; }

    /// <summary>Gets how many times as large things appear.</summary>
    public double Zoom { get; init; } = 1;

    /// <summary>Gets the strength of the elastic distortion, in pixels of the encoder's patch.</summary>
    public double Elastic { get; init; }

    /// <summary>Gets its smoothness, in pixels of the encoder's patch.</summary>
    public double ElasticSigma { get; init; }

    /// <summary>Gets the factor of haematoxylin, eosin and DAB.</summary>
    public Vector3 StainFactor { get; init; } = Vector3.One;

    /// <summary>Gets the shift of haematoxylin, eosin and DAB, in optical density.</summary>
    public Vector3 StainShift { get; init; }

    /// <summary>Gets the turn of the hue, as a share of the circle.</summary>
    public double Hue { get; init; }

    /// <summary>Gets the change of the saturation, from −1 to 1.</summary>
    public double Saturation { get; init; }

    /// <summary>Gets the factor of the distance to the mean.</summary>
    public double Contrast { get; init; } = 1;

    /// <summary>Gets the factor of all numbers.</summary>
    public double Brightness { get; init; } = 1;

    /// <summary>Gets the standard deviation of the blur, in pixels of the encoder's patch.</summary>
    public double Blur { get; init; }

    /// <summary>Gets the standard deviation of the noise in the encoder's patch, as a share of white.</summary>
    public double Noise { get; init; }

    /// <summary>Gets where the elastic distortion and the noise come from.</summary>
    public ViewRandom Fields { get; init; }

    /// <summary>Draws a change. Every number is drawn, used or not, so that one option shifts no other's numbers.</summary>
    /// <param name="options">How far.</param>
    /// <param name="seed">The same seed gives the same change.</param>
    public static ViewChange Draw(AugmentationOptions options, int seed)
    {
        var random = new ViewRandom(seed, Purpose);
        var symmetry = random.Next(8);
        return new ViewChange
        {
            Symmetry = options.Symmetries
                ? new Symmetry((symmetry & 1) != 0, (symmetry & 2) != 0, (symmetry & 4) != 0)
                : Symmetry.None,
            Zoom = 1 + random.Within(options.Scale),
            Elastic = options.Elastic.At(random.Next()),
            ElasticSigma = options.ElasticSigma.At(random.Next()),
            StainFactor = Vector3.One + Three(ref random, options.Stain),
            StainShift = Three(ref random, options.Stain),
            Hue = random.Within(options.Hue),
            Saturation = random.Within(options.Saturation),
            Contrast = 1 + random.Within(options.Contrast),
            Brightness = 1 + random.Within(options.Brightness),
            Blur = options.Blur * random.Next(),
            Noise = options.Noise * random.Next(),
            Fields = random,
        };
    }

    private static Vector3 Three(ref ViewRandom random, double range) =>
        new((float)random.Within(range), (float)random.Within(range), (float)random.Within(range));
}
