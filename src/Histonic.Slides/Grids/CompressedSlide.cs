using Histonic.Slides.Tiling;

namespace Histonic.Slides.Grids;

/// <summary>A compressed slide in memory: the embeddings of the cells that hold tissue, in raster order.</summary>
public sealed record CompressedSlide
{
    /// <summary>Gets the slide's name: its file name without extension.</summary>
    public required string Slide { get; init; }

    /// <summary>Gets where the cells lie on the slide.</summary>
    public required GridGeometry Geometry { get; init; }

    /// <summary>Gets the number of rows of the grid.</summary>
    public required int Rows { get; init; }

    /// <summary>Gets the number of columns of the grid.</summary>
    public required int Columns { get; init; }

    /// <summary>Gets the length C of an embedding.</summary>
    public required int Channels { get; init; }

    /// <summary>Gets the cells that hold an embedding (N), in raster order.</summary>
    public required IReadOnlyList<GridCell> Cells { get; init; }

    /// <summary>Gets the embeddings, N × C, in the order of <see cref="Cells"/>.</summary>
    public required float[] Features { get; init; }

    /// <summary>Gets the embeddings under the 8 symmetries, 8 × N × C in the order of the file format; null when there is one only.</summary>
    public float[]? FeaturesD4 { get; init; }

    /// <summary>Gets the share of tissue under every cell, rows × columns, in [0, 1].</summary>
    public required float[] Tissue { get; init; }

    /// <summary>Gets the name of the encoder.</summary>
    public required string Encoder { get; init; }

    /// <summary>Gets the SHA-256 of the encoder's file, in lower-case hexadecimals.</summary>
    public required string EncoderSha256 { get; init; }

    /// <summary>Gets how tissue was found.</summary>
    public required string TissueMethod { get; init; }

    /// <summary>The embedding of the n-th cell.</summary>
    public ReadOnlySpan<float> Embedding(int n) => Features.AsSpan(n * Channels, Channels);
}
