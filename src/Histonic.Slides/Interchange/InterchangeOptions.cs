namespace Histonic.Slides.Interchange;

/// <summary>What the user knows of files that do not tell it themselves. What is given here goes before what a file says.</summary>
public sealed record InterchangeOptions
{
    /// <summary>Gets the pixel size of level 0.</summary>
    public Microns? Level0PixelSize { get; init; }

    /// <summary>Gets where <see cref="Level0PixelSize"/> comes from, in the words of <see cref="Reading.PixelSize.Source"/>.</summary>
    public string Level0PixelSizeSource { get; init; } = "override";

    /// <summary>Gets whose the files are; null: what is in a file tells.</summary>
    public InterchangeFormat? From { get; init; }

    /// <summary>Gets the working pixel size, that of the patches the encoder saw.</summary>
    public Microns? PixelSize { get; init; }

    /// <summary>Gets the side of a patch in working pixels.</summary>
    public int? PatchSize { get; init; }

    /// <summary>Gets the step between patches in working pixels.</summary>
    public int? Stride { get; init; }

    /// <summary>Gets the width and height of level 0 in pixels.</summary>
    public (long Width, long Height)? Level0Size { get; init; }

    /// <summary>Gets where the slide's corner lies in the scan's plane, from which the others' coordinates count (OpenSlide's bounds).</summary>
    public (long X, long Y) BoundsCorner { get; init; }

    /// <summary>Gets the name of the encoder.</summary>
    public string? Encoder { get; init; }

    /// <summary>Gets whether patches off the lattice go to the nearest cell, instead of the file being refused; CLAM's always do.</summary>
    public bool Snap { get; init; }
}
