namespace Histonic.Slides.Reading;

/// <summary>A small picture in memory: 8-bit RGB, row by row.</summary>
/// <param name="Width">Width in pixels.</param>
/// <param name="Height">Height in pixels.</param>
/// <param name="Pixels">Width × height × 3 bytes.</param>
public sealed record RgbImage(int Width, int Height, byte[] Pixels);
