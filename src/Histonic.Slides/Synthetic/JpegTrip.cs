using NetVips;

namespace Histonic.Slides.Synthetic;

/// <summary>What JPEG does to a picture.</summary>
internal static class JpegTrip
{
    /// <summary>What is left of a picture after JPEG, as a slide's tiles go through it.</summary>
    /// <param name="rgb">Side × side × 3 bytes.</param>
    /// <param name="side">Width and height in pixels.</param>
    /// <param name="quality">The JPEG quality.</param>
    public static byte[] Through(byte[] rgb, int side, int quality)
    {
        using var image = Image.NewFromMemory(rgb, side, side, 3, Enums.BandFormat.Uchar);
        using var colours = image.Copy(interpretation: Enums.Interpretation.Srgb);
        using var decoded = Image.JpegloadBuffer(colours.JpegsaveBuffer(q: quality));
        return decoded.WriteToMemory<byte>();
    }
}
