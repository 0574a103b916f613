using System.Globalization;

namespace Histonic.Slides.Reading.OpenSlide;

/// <summary>The part of a scan's plane that holds the slide: scanners leave wide empty rims around it (MRXS, SCN).</summary>
/// <param name="X">Its left edge in pixels of the file's level 0.</param>
/// <param name="Y">Its top edge in pixels of the file's level 0.</param>
/// <param name="Width">Its width in pixels of level 0.</param>
/// <param name="Height">Its height in pixels of level 0.</param>
internal readonly record struct SlideBounds(long X, long Y, long Width, long Height)
{
    /// <summary>Reads openslide.bounds-x, -y, -width and -height.</summary>
    /// <param name="property">Gives a property's text; null = the file has none of that name.</param>
    /// <param name="width">The width of the file's level 0.</param>
    /// <param name="height">The height of the file's level 0.</param>
    /// <returns>The bounds, cut to the file's plane; all of it where the four are not whole numbers or lie beside it.</returns>
    public static SlideBounds Of(Func<string, string?> property, long width, long height)
    {
        long? Number(string name) =>
            long.TryParse(
                property($"openslide.bounds-{name}"),
                NumberStyles.AllowLeadingSign,
                CultureInfo.InvariantCulture,
                out var value
            )
                ? value
                : null;

        var whole = new SlideBounds(0, 0, width, height);
        if ((Number("x"), Number("y"), Number("width"), Number("height")) is not ({ } x, { } y, { } across, { } down))
            return whole;
        var (left, top) = (Math.Max(x, 0), Math.Max(y, 0));
        var (right, bottom) = (Math.Min(x + across, width), Math.Min(y + down, height));
        return right > left && bottom > top ? new SlideBounds(left, top, right - left, bottom - top) : whole;
    }

    /// <summary>The size of a level within the bounds, at least 1 × 1.</summary>
    /// <param name="level">The level's size in the file.</param>
    /// <param name="whole">The size of the file's level 0.</param>
    /// <param name="downsample">Level-0 pixels per pixel of the level.</param>
    public (int Width, int Height) LevelSize(
        (long Width, long Height) level,
        (long Width, long Height) whole,
        double downsample
    )
    {
        // a file's own rounding is kept where nothing is cut
        var (width, height) = (
            Width == whole.Width ? level.Width : Math.Min(level.Width, (long)Math.Round(Width / downsample)),
            Height == whole.Height ? level.Height : Math.Min(level.Height, (long)Math.Round(Height / downsample))
        );
        return (checked((int)Math.Max(1, width)), checked((int)Math.Max(1, height)));
    }
}
