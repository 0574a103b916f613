namespace Histonic.Slides.Reading;

/// <summary>One resolution of a slide's pyramid.</summary>
/// <param name="Index">Its place, 0 = finest.</param>
/// <param name="Width">Width in its own pixels.</param>
/// <param name="Height">Height in its own pixels.</param>
/// <param name="Downsample">Level-0 pixels per pixel of this level; 1 for level 0.</param>
/// <param name="TileWidth">Width of its tiles; the level's width where it is not tiled.</param>
/// <param name="TileHeight">Height of its tiles; the strip's height where it is not tiled.</param>
/// <param name="Codec">How the pixels are stored: "jpeg", "jpeg2000", "lzw", "deflate", "none", "png".</param>
public sealed record SlideLevel(
    int Index,
    int Width,
    int Height,
    double Downsample,
    int TileWidth,
    int TileHeight,
    string Codec
);
