using Histonic.Slides.Tiling;

namespace Histonic.Slides.Grids;

/// <summary>Everything a compressed slide's file holds beside its embeddings; known before the first one is.</summary>
public sealed record CompressedSlideHeader
{
    /// <summary>Gets the slide's name: its file name without extension.</summary>
    public required string Slide { get; init; }

    /// <summary>Gets where the cells lie on the slide.</summary>
    public required GridGeometry Geometry { get; init; }

    /// <summary>Gets the cells that will hold an embedding (N), in raster order.</summary>
    public required IReadOnlyList<GridCell> Cells { get; init; }

    /// <summary>Gets the share of tissue under every cell, rows × columns, in [0, 1].</summary>
    public required IReadOnlyList<float> Tissue { get; init; }

    /// <summary>Gets the length C of an embedding.</summary>
    public required int Channels { get; init; }

    /// <summary>Gets whether each patch is embedded under all 8 symmetries.</summary>
    public bool Symmetries { get; init; }

    /// <summary>Gets how the embeddings are stored. The default is half precision.</summary>
    public FeaturePrecision Precision { get; init; } = FeaturePrecision.Bits16;

    /// <summary>Gets the objective's magnification; null = 10 µm / pixel size, the usual one for it.</summary>
    public double? Objective { get; init; }

    /// <summary>Gets the name of the encoder.</summary>
    public required string Encoder { get; init; }

    /// <summary>Gets the SHA-256 of the encoder's file, in lower-case hexadecimals.</summary>
    public required string EncoderSha256 { get; init; }

    /// <summary>Gets how tissue was found.</summary>
    public required string TissueMethod { get; init; }

    /// <summary>Gets which pixels the patches are read from, such as "level 1"; empty = not told.</summary>
    public string Pixels { get; init; } = "";

    /// <summary>Gets the mean cosine, over a sample, between these embeddings and those of all pixels of the working size in float32.</summary>
    public double PathCosine { get; init; } = 1;

    /// <summary>Gets whether patches that could not be decoded may be among them: then the file tells which.</summary>
    public bool MayHoldBlanks { get; init; }

    /// <summary>Gets the settings it is made with, "key=value" separated by "; ": a later run compares them to see whether it would do the same.</summary>
    public string Options { get; init; } = "";

    /// <summary>Gets what tells the slide's file from another of its name (its length and a hash); a later run compares it too.</summary>
    public string SlideFingerprint { get; init; } = "";

    /// <summary>Gets when the file is made.</summary>
    public required DateTimeOffset Created { get; init; }
}
