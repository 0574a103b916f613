using Histonic.Slides.Grids;

namespace Histonic.Slides.Interchange;

/// <summary>What a file of another program tells; null where it does not.</summary>
internal sealed record ForeignSlide
{
    public required InterchangeFormat Format { get; init; }

    public required int Channels { get; init; }

    /// <summary>Gets the embeddings, N × C, in the order of the file.</summary>
    public required float[] Features { get; init; }

    /// <summary>Gets the embeddings under the 8 symmetries, 8 × N × C; null where the file has them once.</summary>
    public float[]? FeaturesD4 { get; init; }

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

    /// <summary>The same with coordinates that count from the slide's corner; those of cells and of working pixels do already.</summary>
    /// <param name="corner">Where it lies in the plane, in level-0 pixels.</param>
    /// <param name="scale">Level-0 pixels per unit of the coordinates.</param>
    public ForeignSlide From((long X, long Y) corner, double scale) =>
        corner == (0, 0) || Unit is CoordinateUnit.Cell or CoordinateUnit.WorkingPixel
            ? this
            : this with
            {
                X = Array.ConvertAll(X, x => x - (corner.X / scale)),
                Y = Array.ConvertAll(Y, y => y - (corner.Y / scale)),
                Level0Size = Level0Size is var (width, height) ? (width - corner.X, height - corner.Y) : null,
            };
}
