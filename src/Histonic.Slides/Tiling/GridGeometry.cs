using Histonic.Slides.Reading;

namespace Histonic.Slides.Tiling;

/// <summary>Where the patches of a slide lie: the lattice starts at the slide's top-left corner, unless others cut it elsewhere.</summary>
public sealed record GridGeometry
{
    /// <summary>The deviation of a level's pixel size from the wanted one up to which it is taken as it is.</summary>
    public const double Tolerance = 0.05;

    /// <summary>Gets the width of level 0 in pixels.</summary>
    public required long Level0Width { get; init; }

    /// <summary>Gets the height of level 0 in pixels.</summary>
    public required long Level0Height { get; init; }

    /// <summary>Gets where level 0's corner lies in the plane of the file's scan (see <see cref="ISlide.BoundsCorner"/>).</summary>
    public (long X, long Y) BoundsCorner { get; init; }

    /// <summary>Gets the pixel size of level 0, and where it was found.</summary>
    public required PixelSize Level0PixelSize { get; init; }

    /// <summary>Gets the working pixel size that was asked for.</summary>
    public required Microns PixelSize { get; init; }

    /// <summary>Gets the level the patches are read from: the coarsest that is still fine enough.</summary>
    public required int Level { get; init; }

    /// <summary>Gets how many level-0 pixels one pixel of that level spans.</summary>
    public required double LevelDownsample { get; init; }

    /// <summary>Gets how many level-0 pixels one working pixel spans.</summary>
    /// <remarks>Equals <see cref="LevelDownsample"/> when the level is within <see cref="Tolerance"/>: then nothing is resampled.</remarks>
    public required double Downsample { get; init; }

    /// <summary>Gets the side of a patch in working pixels.</summary>
    public required int PatchSize { get; init; }

    /// <summary>Gets the step between patches in working pixels.</summary>
    public required int Stride { get; init; }

    /// <summary>Gets where column 0 begins, in level-0 pixels: 0 but for slides that others cut.</summary>
    public double OffsetX { get; init; }

    /// <summary>Gets where row 0 begins, in level-0 pixels: 0 but for slides that others cut.</summary>
    public double OffsetY { get; init; }

    /// <summary>Gets the number of rows, ⌊H / S⌋.</summary>
    public int Rows => (int)Math.Floor(((Level0Height - OffsetY) / StrideLevel0) + 1e-9);

    /// <summary>Gets the number of columns, ⌊W / S⌋.</summary>
    public int Columns => (int)Math.Floor(((Level0Width - OffsetX) / StrideLevel0) + 1e-9);

    /// <summary>Gets the side of a patch in level-0 pixels.</summary>
    public double PatchSizeLevel0 => PatchSize * Downsample;

    /// <summary>Gets the step between patches in level-0 pixels.</summary>
    public double StrideLevel0 => Stride * Downsample;

    /// <summary>The top-left corner of a patch, in level-0 pixels, rounded to whole ones.</summary>
    public (long X, long Y) Origin(int row, int column) =>
        ((long)Math.Round(OffsetX + (column * StrideLevel0)), (long)Math.Round(OffsetY + (row * StrideLevel0)));

    /// <summary>Lays the lattice over a slide.</summary>
    /// <param name="slide">The slide.</param>
    /// <param name="options">How it is cut.</param>
    /// <exception cref="InputException">The slide does not tell its pixel size, or is coarser than the working pixel size.</exception>
    public static GridGeometry For(ISlide slide, TilingOptions options)
    {
        if (slide.PixelSize is not { } pixelSize)
            throw new InputException(
                slide.Path,
                slide.PixelSizeProblem is { } problem
                    ? $"does not tell a pixel size that can be: its file {problem}"
                    : "does not tell its pixel size",
                "Give it with --mpp-override X, in µm per pixel of the finest level, or in a column mpp of the slide list"
            );
        var wanted = options.PixelSize.Value / pixelSize.Value.Value;
        if (wanted < 1 - Tolerance)
            throw new InputException(
                slide.Path,
                $"is coarser ({pixelSize.Value}, from {pixelSize.Source}) than the working pixel size of {options.PixelSize}",
                "Take a scan of higher magnification, or an encoder for this one and --mpp"
            );
        var level = slide.Levels.Last(level => level.Downsample <= wanted * (1 + Tolerance));
        var exact = Math.Abs((level.Downsample / wanted) - 1) <= Tolerance;
        return new GridGeometry
        {
            Level0Width = slide.Levels[0].Width,
            Level0Height = slide.Levels[0].Height,
            BoundsCorner = slide.BoundsCorner,
            Level0PixelSize = pixelSize,
            PixelSize = options.PixelSize,
            Level = level.Index,
            LevelDownsample = level.Downsample,
            Downsample = exact ? level.Downsample : wanted,
            PatchSize = options.PatchSize,
            Stride = options.Stride,
        };
    }
}
