using Histonic.Slides.Grids;

namespace Histonic.Slides.Interchange;

/// <summary>What a file of another program tells; null where it does not.</summary>
internal sealed record ForeignSlide
{
    public required InterchangeFormat Format { get; init; }

    public required int Channels { get; init; }

    /// <summary>Gets the embeddings, N × C, in the order of the file.</summary>
    public required float[] Features { get; init; }

    /// <summary>Gets the left edges of the patches (N), in <see cref="Unit"/>.</summary>
    public required double[] X { get; init; }

    /// <summary>Gets the upper edges of the patches (N), in <see cref="Unit"/>.</summary>
    public required double[] Y { get; init; }

    public required CoordinateUnit Unit { get; init; }

    public required FeaturePrecision Precision { get; init; }

    /// <summary>Gets the step between patches, in <see cref="Unit"/>, as far as the file tells it.</summary>
    public double? Step { get; init; }

    /// <summary>Gets the working pixel size in µm.</summary>
    public double? PixelSize { get; init; }

    public int? PatchSize { get; init; }

    public double? PatchSizeLevel0 { get; init; }

    public (long Width, long Height)? Level0Size { get; init; }

    /// <summary>Gets the rows and columns of the grid.</summary>
    public (int Rows, int Columns)? Grid { get; init; }

    public int Level { get; init; }

    public double LevelDownsample { get; init; } = 1;

    public string? Encoder { get; init; }
}
