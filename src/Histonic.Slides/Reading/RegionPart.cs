namespace Histonic.Slides.Reading;

/// <summary>The part of a wanted rectangle that lies on the level.</summary>
/// <param name="Left">Its left edge on the level.</param>
/// <param name="Top">Its top edge on the level.</param>
/// <param name="Width">Its width; 0 or less where nothing lies on the level.</param>
/// <param name="Height">Its height; 0 or less where nothing lies on the level.</param>
/// <param name="Offset">Where in the wanted pixels (3 bytes each) its first one stands.</param>
internal readonly record struct RegionPart(int Left, int Top, int Width, int Height, int Offset)
{
    /// <summary>Gets whether nothing lies on the level.</summary>
    public bool IsEmpty => Width <= 0 || Height <= 0;

    /// <summary>Finds the part, and fills the rest with white.</summary>
    /// <param name="x">The wanted rectangle's left edge in the level's pixels.</param>
    /// <param name="y">Its top edge.</param>
    /// <param name="width">Its width.</param>
    /// <param name="height">Its height.</param>
    /// <param name="level">The level's size.</param>
    /// <param name="rgb">Receives white where a pixel lies outside.</param>
    public static RegionPart Of(int x, int y, int width, int height, (int Width, int Height) level, Span<byte> rgb)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        if (rgb.Length < (long)width * height * 3)
            throw new ArgumentException($"{rgb.Length} bytes do not hold {width} × {height} pixels.", nameof(rgb));
        var (left, top) = (Math.Max(x, 0), Math.Max(y, 0));
        var (right, bottom) = (Math.Min((long)x + width, level.Width), Math.Min((long)y + height, level.Height));
        if (right - left < width || bottom - top < height)
            rgb[..(width * height * 3)].Fill(255);
        return right <= left || bottom <= top
            ? default
            : new RegionPart(left, top, (int)right - left, (int)bottom - top, (((top - y) * width) + left - x) * 3);
    }
}
