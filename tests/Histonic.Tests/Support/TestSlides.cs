using Histonic.Slides.Reading;
using NetVips;

namespace Histonic.Tests.Support;

/// <summary>Small slides written by vips, whose pixels are known.</summary>
internal static class TestSlides
{
    /// <summary>A picture without structure that repeats: every pixel tells where it is.</summary>
    public static RgbImage Pattern(int width, int height)
    {
        var pixels = new byte[width * height * 3];
        for (var i = 0; i < width * height; i++)
        {
            var (y, x) = Math.DivRem(i, width);
            (pixels[i * 3], pixels[(i * 3) + 1], pixels[(i * 3) + 2]) = (
                (byte)x,
                (byte)y,
                (byte)((x / 7 * 31) + (y / 5 * 17))
            );
        }

        return new RgbImage(width, height, pixels);
    }

    /// <summary>Writes a tiled TIFF without loss.</summary>
    /// <param name="path">The file.</param>
    /// <param name="picture">Its finest level.</param>
    /// <param name="pixelSize">µm per pixel; null = the 72 dpi that programs write when they know none.</param>
    /// <param name="pyramid">Whether coarser levels follow.</param>
    /// <param name="description">Its image description; it also makes the levels sub-directories, as OME-TIFF has them.</param>
    /// <param name="jpeg">Whether the tiles are JPEG, of quality 90.</param>
    public static string WriteTiff(
        string path,
        RgbImage picture,
        double? pixelSize = 0.5,
        bool pyramid = false,
        string? description = null,
        bool jpeg = false
    )
    {
        using var raw = Image.NewFromMemory(picture.Pixels, picture.Width, picture.Height, 3, Enums.BandFormat.Uchar);
        using var image = raw.Copy(interpretation: Enums.Interpretation.Srgb);
        using var described = description is null
            ? image.Copy()
            : image.Mutate(m => m.Set(GValue.GStrType, "image-description", description));
        var resolution = pixelSize is { } size ? 1000 / size : 72 / 25.4;
        described.Tiffsave(
            path,
            compression: jpeg ? Enums.ForeignTiffCompression.Jpeg : Enums.ForeignTiffCompression.Deflate,
            q: 90,
            tile: true,
            tileWidth: 64,
            tileHeight: 64,
            pyramid: pyramid,
            subifd: description is not null,
            xres: resolution,
            yres: resolution,
            resunit: Enums.ForeignTiffResunit.Inch
        );
        return path;
    }
}
