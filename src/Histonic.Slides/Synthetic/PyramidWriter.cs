using Histonic.Slides.Reading;
using NetVips;

namespace Histonic.Slides.Synthetic;

/// <summary>Writes whole-slide images: tiled, pyramidal TIFF files with JPEG tiles, as scanners do.</summary>
public static class PyramidWriter
{
    /// <summary>The side of a tile in pixels.</summary>
    public const int TileSize = 256;

    /// <summary>Writes a picture as a slide; the file is whole or absent.</summary>
    /// <param name="path">The file that comes to be.</param>
    /// <param name="picture">Level 0. Each further level is half as wide, one page each, down to one that fits a tile.</param>
    /// <param name="pixelSize">The size of a pixel of level 0, kept as the TIFF's resolution in pixels per centimetre.</param>
    /// <param name="quality">The JPEG quality, 1 to 100. From 90 on colour keeps its full resolution (4:4:4), below it is halved.</param>
    /// <exception cref="InputException">The file cannot be written.</exception>
    public static void Write(string path, RgbImage picture, Microns pixelSize, int quality)
    {
        AtomicFile.Write(
            path,
            partial =>
            {
                try
                {
                    var pixelsPerMillimetre = 1000 / pixelSize.Value;
                    using var pixels = Image.NewFromMemory(
                        picture.Pixels,
                        picture.Width,
                        picture.Height,
                        3,
                        Enums.BandFormat.Uchar
                    );
                    using var colours = pixels.Copy(
                        interpretation: Enums.Interpretation.Srgb,
                        xres: pixelsPerMillimetre,
                        yres: pixelsPerMillimetre
                    );
                    colours.Tiffsave(
                        partial,
                        compression: Enums.ForeignTiffCompression.Jpeg,
                        q: quality,
                        tile: true,
                        tileWidth: TileSize,
                        tileHeight: TileSize,
                        pyramid: true,
                        resunit: Enums.ForeignTiffResunit.Cm,
                        xres: pixelsPerMillimetre,
                        yres: pixelsPerMillimetre
                    );
                }
                catch (VipsException error)
                {
                    throw new InputException(
                        path,
                        $"cannot be written ({error.Message.Trim()})",
                        "Choose another place, or free some room there",
                        error
                    );
                }
            }
        );
    }
}
