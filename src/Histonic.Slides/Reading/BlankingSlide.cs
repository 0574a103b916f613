namespace Histonic.Slides.Reading;

/// <summary>A slide as it looks when what cannot be decoded is white: for a look at all of it, not for patches, which have to be counted.</summary>
/// <param name="slide">The slide; stays the caller's.</param>
public sealed class BlankingSlide(ISlide slide) : ISlide
{
    /// <inheritdoc/>
    public string Path => slide.Path;

    /// <inheritdoc/>
    public string Name => slide.Name;

    /// <inheritdoc/>
    public string Format => slide.Format;

    /// <inheritdoc/>
    public IReadOnlyList<SlideLevel> Levels => slide.Levels;

    /// <inheritdoc/>
    public PixelSize? PixelSize => slide.PixelSize;

    /// <inheritdoc/>
    public string? PixelSizeProblem => slide.PixelSizeProblem;

    /// <inheritdoc/>
    public (long X, long Y) BoundsCorner => slide.BoundsCorner;

    /// <inheritdoc/>
    public double? Objective => slide.Objective;

    /// <inheritdoc/>
    public IReadOnlyList<string> AssociatedImages => slide.AssociatedImages;

    /// <inheritdoc/>
    public IReadOnlyList<int> Reductions(int level) => slide.Reductions(level);

    /// <inheritdoc/>
    public bool KeepTiles(int level, int reduction, int count) => slide.KeepTiles(level, reduction, count);

    /// <inheritdoc/>
    public void ReadRegion(int level, int x, int y, int width, int height, Span<byte> rgb) =>
        ReadReduced(level, 1, x, y, width, height, rgb);

    /// <inheritdoc/>
    public void ReadReduced(int level, int reduction, int x, int y, int width, int height, Span<byte> rgb)
    {
        try
        {
            slide.ReadReduced(level, reduction, x, y, width, height, rgb);
        }
        catch (InputException)
        {
            // tile by tile, so that only what is damaged is lost
            var (tileWidth, tileHeight) = (
                Math.Max(1, slide.Levels[level].TileWidth / reduction),
                Math.Max(1, slide.Levels[level].TileHeight / reduction)
            );
            rgb[..(width * height * 3)].Fill(255);
            var tile = new byte[Math.Min(tileWidth, width) * Math.Min(tileHeight, height) * 3];
            for (int top = y, bottom; top < y + height; top = bottom)
            {
                bottom = Math.Min(y + height, Next(top, tileHeight));
                for (int left = x, right; left < x + width; left = right)
                {
                    right = Math.Min(x + width, Next(left, tileWidth));
                    try
                    {
                        slide.ReadReduced(level, reduction, left, top, right - left, bottom - top, tile);
                    }
                    catch (InputException)
                    {
                        continue;
                    }

                    var row = (right - left) * 3;
                    for (var v = top; v < bottom; v++)
                        tile.AsSpan((v - top) * row, row).CopyTo(rgb[((((v - y) * width) + left - x) * 3)..]);
                }
            }
        }
    }

    /// <inheritdoc/>
    public RgbImage ReadAssociated(string name) => slide.ReadAssociated(name);

    /// <inheritdoc/>
    public RgbImage ReadShrunk(double downsample) => SlideShrinker.Read(this, downsample);

    /// <summary>Does nothing: the slide is the caller's.</summary>
    public void Dispose() { }

    /// <summary>Where the tile after the one at a place begins.</summary>
    private static int Next(int at, int tile) => checked((int)((Math.Floor((double)at / tile) + 1) * tile));
}
