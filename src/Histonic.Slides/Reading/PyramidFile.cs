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
                    Save(partial, picture, 1000 / pixelSize.Value, compression, quality);
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

    /// <summary>Writes a picture to a file of libvips's own making: a part of it stays where writing fails.</summary>
    /// <param name="path">The file that comes to be.</param>
    /// <param name="picture">The finest level; stays the caller's.</param>
    /// <param name="perMillimetre">How many of its pixels lie on a millimetre.</param>
    /// <param name="compression">How tiles are packed.</param>
    /// <param name="quality">For JPEG: 1 to 100.</param>
    /// <param name="big">Whether it may become greater than 4 GB.</param>
    /// <exception cref="VipsException">The picture cannot be decoded, or the file not be written.</exception>
    public static void Save(
        string path,
        Image picture,
        double perMillimetre,
        Enums.ForeignTiffCompression compression,
        int? quality = null,
        bool big = false
    ) =>
        picture.Tiffsave(
            path,
            compression: compression,
            q: quality,
            tile: true,
            tileWidth: TileSide,
            tileHeight: TileSide,
            pyramid: true,
            bigtiff: big,
            resunit: Enums.ForeignTiffResunit.Cm,
            xres: perMillimetre,
            yres: perMillimetre
        );
}
