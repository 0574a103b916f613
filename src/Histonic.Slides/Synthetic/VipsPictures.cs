using NetVips;

namespace Histonic.Slides.Synthetic;

/// <summary>Small pictures through libvips.</summary>
internal static class VipsPictures
{
    /// <summary>Writes a PNG with one byte (grey) or three (red, green, blue) a pixel; it is whole or absent.</summary>
    /// <exception cref="InputException">The file cannot be written.</exception>
    public static void WritePng(string path, byte[] pixels, int width, int height, int bands) =>
        AtomicFile.Write(
            path,
            partial =>
            {
                try
                {
                    using var image = Image.NewFromMemory(pixels, width, height, bands, Enums.BandFormat.Uchar);
                    using var colours = image.Copy(
                        interpretation: bands == 1 ? Enums.Interpretation.Bw : Enums.Interpretation.Srgb
                    );
                    colours.Pngsave(partial, compression: 4, filter: Enums.ForeignPngFilter.Sub);
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

    /// <summary>What is left of a picture after JPEG, as a slide's tiles go through it.</summary>
    /// <param name="rgb">Side × side × 3 bytes.</param>
    /// <param name="side">Width and height in pixels.</param>
    /// <param name="quality">The JPEG quality.</param>
    public static byte[] ThroughJpeg(byte[] rgb, int side, int quality)
    {
        using var image = Image.NewFromMemory(rgb, side, side, 3, Enums.BandFormat.Uchar);
        using var colours = image.Copy(interpretation: Enums.Interpretation.Srgb);
        using var decoded = Image.JpegloadBuffer(colours.JpegsaveBuffer(q: quality));
        return decoded.WriteToMemory<byte>();
    }
}
