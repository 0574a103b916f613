using Histonic.Slides;

namespace Histonic.Learning.Explanation;

/// <summary>What is explained, how, and how carefully.</summary>
public sealed record ExplanationOptions
{
    /// <summary>For the outcome that is predicted of a slide: its class, or on which side of the training slides' mean it lies.</summary>
    public const string Predicted = "predicted";

    /// <summary>For a higher value or risk.</summary>
    public const string Higher = "higher";

    /// <summary>For a lower value or risk.</summary>
    public const string Lower = "lower";

    /// <summary>Gets the name of the target that is explained; null where the run has one only.</summary>
    public string? Target { get; init; }

    /// <summary>Gets how; null takes what the network lends itself to: Grad-CAM of cnn, attention of abmil, occlusion of mean.</summary>
    public ExplanationMethod? Method { get; init; }

    /// <summary>
    /// Gets for what evidence is shown: a class or "predicted" (the usual) of a classification, "higher" (the usual), "lower" or
    /// "predicted" of other targets. Attention has no direction, and knows none of these.
    /// </summary>
    public string? For { get; init; }

    /// <summary>Gets the convolution whose maps Grad-CAM weighs, from 1.</summary>
    public int Layer { get; init; } = 1;

    /// <summary>Gets the side in cells of the squares that occlusion takes out; 0: a sixteenth of the grid's longer side, rounded up.</summary>
    public int Block { get; init; }

    /// <summary>Gets whether the maps of all 8 symmetries of the grid are averaged.</summary>
    public bool Symmetries { get; init; } = true;

    /// <summary>Checks the numbers.</summary>
    /// <returns>These options.</returns>
    /// <exception cref="OptionException">A number is out of range.</exception>
    public ExplanationOptions Validated()
    {
        if (Layer < 1)
            throw new OptionException("--layer", Layer, "1 or more");
        if (Block is < 0 or > 10_000)
            throw new OptionException(
                "--block",
                Block,
                "from 1 to 10000 cells, or 0 for a sixteenth of the grid's side"
            );
        return this;
    }
}
