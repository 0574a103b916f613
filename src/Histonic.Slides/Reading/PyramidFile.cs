using NetVips;

namespace Histonic.Slides.Reading;

/// <summary>Tiled, pyramidal TIFF files: each level a page half as wide as the one before, down to one that fits a tile.</summary>
internal static class PyramidFile
{
    /// <summary>The side of a tile in pixels.</summary>
    public const int TileSide = 256;

    /// <summary>Writes a picture; the file is whole or absent.</summary>
    /// <param name="path">The file that comes to be.</param>
    /// <param name="picture">The finest level; stays the caller's.</param>
    /// <param name="pixelSize">The side of one of its pixels, kept as the TIFF's resolution in pixels per centimetre.</param>
    /// <param name="compression">How tiles are packed.</param>
    /// <param name="quality">For JPEG: 1 to 100.</param>
    /// <exception cref="InputException">The file cannot be written.</exception>
    public static void Write(
        string path,
        Image picture,
        Microns pixelSize,
        Enums.ForeignTiffCompression compression,
        int? quality = null
    ) =>
        AtomicFile.Write(
            path,
            partial =>
            {
                try
                {
                    var perMillimetre = 1000 / pixelSize.Value;
                    picture.Tiffsave(
                        partial,
                        compression: compression,
                        q: quality,
                        tile: true,
                        tileWidth: TileSide,
                        tileHeight: TileSide,
                        pyramid: true,
                        resunit: Enums.ForeignTiffResunit.Cm,
                        xres: perMillimetre,
                        yres: perMillimetre
                    );
                }
                catch (VipsException error)
                {
                    throw new InputException(
                        path,
                        $"cannot be written ({VipsLibrary.Reason(error)})",
                        "Choose another place, or free some room there",
                        error
                    );
                }
            }
        );
}
