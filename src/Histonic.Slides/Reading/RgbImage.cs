namespace Histonic.Slides.Reading;

/// <summary>A small picture in memory: 8-bit RGB, row by row.</summary>
/// <param name="Width">Width in pixels.</param>
/// <param name="Height">Height in pixels.</param>
/// <param name="Pixels">Width × height × 3 bytes.</param>
public sealed record RgbImage(int Width, int Height, byte[] Pixels)
{
    /// <summary>A white sheet, to lay pictures on.</summary>
    public static RgbImage White(int width, int height)
    {
        var pixels = new byte[width * height * 3];
        Array.Fill(pixels, byte.MaxValue);
        return new RgbImage(width, height, pixels);
    }

    /// <summary>Lays a picture on this one, over what was there.</summary>
    /// <param name="picture">The picture; within this one from left to right, cut off at its lower edge.</param>
    /// <param name="left">Where it begins, in pixels.</param>
    /// <param name="top">Where it begins, in pixels.</param>
    public void Lay(RgbImage picture, int left, int top)
    {
        var bytes = picture.Width * 3;
        for (var row = 0; row < Math.Min(picture.Height, Height - top); row++)
            picture.Pixels.AsSpan(row * bytes, bytes).CopyTo(Pixels.AsSpan((((top + row) * Width) + left) * 3));
    }
}
