using Histonic.Slides.Reading;
using NetVips;

namespace Histonic.Slides.Synthetic;

/// <summary>Writes whole-slide images: tiled, pyramidal TIFF files with JPEG tiles, as scanners do.</summary>
public static class PyramidWriter
{
    /// <summary>Writes a picture as a slide; the file is whole or absent.</summary>
    /// <param name="path">The file that comes to be.</param>
    /// <param name="picture">Level 0. Each further level is half as wide, one page each, down to one that fits a tile.</param>
    /// <param name="pixelSize">The size of a pixel of level 0, kept as the TIFF's resolution in pixels per centimetre.</param>
    /// <param name="quality">The JPEG quality, 1 to 100. From 90 on colour keeps its full resolution (4:4:4), below it is halved.</param>
    /// <exception cref="InputException">The file cannot be written.</exception>
    public static void Write(string path, RgbImage picture, Microns pixelSize, int quality)
    {
        using var pixels = Image.NewFromMemory(
            picture.Pixels,
            picture.Width,
            picture.Height,
            3,
            Enums.BandFormat.Uchar
        );
        using var colours = pixels.Copy(interpretation: Enums.Interpretation.Srgb);
        PyramidFile.Write(path, colours, pixelSize, Enums.ForeignTiffCompression.Jpeg, quality);
    }
}
