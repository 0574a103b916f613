namespace Histonic.Slides.Reading;

/// <summary>
/// A slide as a Deep Zoom image: levels that halve from the finest down to one pixel, cut into square tiles without overlap.
/// Tiles are made when they are asked for, from the level and reduction that are just fine enough.
/// </summary>
/// <param name="slide">The slide; not disposed here.</param>
/// <remarks>Tiles may be read from several threads at once.</remarks>
public sealed class DeepZoomPyramid(ISlide slide)
{
    /// <summary>The side of a tile in pixels; those at the right and at the bottom are smaller.</summary>
    public const int TileSize = 256;

    /// <summary>The longer side up to which a level is made from one picture of the whole slide.</summary>
    private const int OverviewSide = 1024;

    /// <summary>The most source pixels decoded at once for a tile: 16 million, or 48 MB.</summary>
    private const long MaxBandPixels = 1 << 24;

    private readonly Lazy<(int Level, RgbImage Picture)> _overview = new(() => Overview(slide));

    /// <summary>Gets the width of the finest level in pixels.</summary>
    public int Width => slide.Levels[0].Width;

    /// <summary>Gets the height of the finest level in pixels.</summary>
    public int Height => slide.Levels[0].Height;

    /// <summary>Gets the index of the finest level; level 0 is one pixel.</summary>
    public int MaxLevel => FinestOf(slide);

    /// <summary>The size of a level in pixels: the finest's halved (MaxLevel − level) times, rounded up.</summary>
    public (int Width, int Height) SizeOf(int level) => SizeOf(slide, level);

    /// <summary>Whether there is such a tile.</summary>
    public bool Contains(int level, int column, int row)
    {
        if (level < 0 || level > MaxLevel || column < 0 || row < 0)
            return false;
        var (width, height) = SizeOf(level);
        return column <= (width - 1) / TileSize && row <= (height - 1) / TileSize;
    }

    /// <summary>Makes a tile.</summary>
    /// <param name="level">The level, from 0 (one pixel) to <see cref="MaxLevel"/>.</param>
    /// <param name="column">Its column, from the left.</param>
    /// <param name="row">Its row, from the top.</param>
    /// <returns>
    /// Exactly the reader's pixels where a level of the slide has the size of this one; else the mean of the area under each
    /// pixel.
    /// </returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such tile.</exception>
    /// <exception cref="InputException">The pixels cannot be decoded.</exception>
    public RgbImage ReadTile(int level, int column, int row)
    {
        if (!Contains(level, column, row))
            throw new ArgumentOutOfRangeException(nameof(level), (level, column, row), "There is no such tile.");
        var size = SizeOf(level);
        var (left, top) = (column * TileSize, row * TileSize);
        var (width, height) = (Math.Min(TileSize, size.Width - left), Math.Min(TileSize, size.Height - top));
        if (slide.Levels.FirstOrDefault(own => own.Width == size.Width && own.Height == size.Height) is { } exact)
        {
            var pixels = new byte[width * height * 3];
            slide.ReadRegion(exact.Index, left, top, width, height, pixels);
            return new RgbImage(width, height, pixels);
        }

        var downsample = Math.Pow(2, MaxLevel - level);
        var source = slide.Levels.Last(own => own.Downsample <= downsample * (1 + 1e-6));
        var reduction = slide
            .Reductions(source.Index)
            .Last(factor => factor == 1 || source.Downsample * factor <= downsample * (1 + 1e-6));
        // the decoder cannot come near: one picture of the whole slide serves all such tiles
        if (Math.Max(size.Width, size.Height) <= OverviewSide && source.Downsample * reduction * 2 <= downsample)
            return FromOverview(level, left, top, width, height);
        return Shrink(
            (x, y, w, h, rgb) => slide.ReadReduced(source.Index, reduction, x, y, w, h, rgb),
            Math.Max(1, source.Width / reduction),
            Math.Max(1, source.Height / reduction),
            // how many source pixels a pixel of this level spans; levels are rounded, so each axis has its own
            downsample * source.Width / ((double)Width * reduction),
            downsample * source.Height / ((double)Height * reduction),
            left,
            top,
            width,
            height
        );
    }

    private delegate void RegionReader(int x, int y, int width, int height, Span<byte> rgb);

    private static int FinestOf(ISlide slide)
    {
        var side = Math.Max(slide.Levels[0].Width, slide.Levels[0].Height);
        var level = 0;
        while (1L << level < side)
            level++;
        return level;
    }

    private static (int Width, int Height) SizeOf(ISlide slide, int level)
    {
        var factor = 1L << (FinestOf(slide) - level);
        return (
            (int)((slide.Levels[0].Width + factor - 1) / factor),
            (int)((slide.Levels[0].Height + factor - 1) / factor)
        );
    }

    private static (int Level, RgbImage Picture) Overview(ISlide slide)
    {
        var finest = FinestOf(slide);
        var level = Enumerable
            .Range(0, finest + 1)
            .Last(level =>
                level == 0 || Math.Max(SizeOf(slide, level).Width, SizeOf(slide, level).Height) <= OverviewSide
            );
        return (level, slide.ReadShrunk(Math.Pow(2, finest - level)));
    }

    private RgbImage FromOverview(int level, int left, int top, int width, int height)
    {
        var (finest, picture) = _overview.Value;
        var step = Math.Pow(2, finest - level);
        return Shrink(
            (x, y, w, h, rgb) =>
            {
                for (var line = 0; line < h; line++)
                    picture.Pixels.AsSpan((((y + line) * picture.Width) + x) * 3, w * 3).CopyTo(rgb[(line * w * 3)..]);
            },
            picture.Width,
            picture.Height,
            step,
            step,
            left,
            top,
            width,
            height
        );
    }

    /// <summary>Reads what lies under a tile, and a rim for the pixels that are cut, and shrinks it band by band.</summary>
    private static RgbImage Shrink(
        RegionReader read,
        int sourceWidth,
        int sourceHeight,
        double stepX,
        double stepY,
        int left,
        int top,
        int width,
        int height
    )
    {
        var (firstX, spanX) = Under(left, width, stepX, sourceWidth);
        var (firstY, spanY) = Under(top, height, stepY, sourceHeight);
        var result = new byte[width * height * 3];
        var shrinker = new AreaShrinker(
            new AreaWeights(spanX, width, stepX, [(left * stepX) - firstX]),
            new AreaWeights(spanY, height, stepY, [(top * stepY) - firstY]),
            (line, rgb) => rgb.CopyTo(result.AsSpan(line * width * 3))
        );
        var bandRows = (int)Math.Clamp(MaxBandPixels / spanX, 1, spanY);
        var band = new byte[(long)spanX * bandRows * 3];
        for (var at = 0; at < spanY; at += bandRows)
        {
            var rows = Math.Min(bandRows, spanY - at);
            var pixels = band.AsSpan(0, spanX * rows * 3);
            read(firstX, firstY + at, spanX, rows, pixels);
            shrinker.Add(pixels, rows);
        }

        return new RgbImage(width, height, result);
    }

    private static (int First, int Span) Under(int start, int length, double step, int source)
    {
        var first = Math.Clamp((int)(start * step), 0, source - 1);
        var end = Math.Clamp((int)Math.Ceiling((start + length) * step), first + 1, source);
        return (first, end - first);
    }
}
