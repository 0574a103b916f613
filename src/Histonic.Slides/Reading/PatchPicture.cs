using NetVips;

namespace Histonic.Slides.Reading;

/// <summary>Small pictures of tissue as files (JPEG, PNG, TIFF), brought to a wanted scale while they are read.</summary>
public static class PatchPicture
{
    /// <summary>Reads a picture as 8-bit RGB: grey becomes colour, transparency white, 16 bits 8.</summary>
    /// <param name="path">The file.</param>
    /// <param name="scale">Given width and height in pixels, says how many pixels one pixel becomes; 1 leaves it as it is.</param>
    /// <exception cref="InputException">The file is missing, empty, truncated, or not a picture.</exception>
    public static RgbImage Read(string path, Func<int, int, double> scale)
    {
        VipsLibrary.Prepare();
        try
        {
            using var file = Image.NewFromFile(path, access: Enums.Access.Sequential, failOn: Enums.FailOn.Truncated);
            using var colour = file.Colourspace(Enums.Interpretation.Srgb);
            using var opaque = colour.HasAlpha() ? colour.Flatten(background: [255]) : colour.Copy();
            var factor = scale(opaque.Width, opaque.Height);
            using var sized =
                Math.Abs(factor - 1) < 1e-3 ? opaque.Copy() : opaque.Resize(factor, kernel: Enums.Kernel.Lanczos3);
            using var bytes = sized.Cast(Enums.BandFormat.Uchar);
            return new RgbImage(bytes.Width, bytes.Height, bytes.WriteToMemory<byte>());
        }
        catch (VipsException error)
        {
            throw new InputException(
                path,
                File.Exists(path)
                    ? $"cannot be read as a picture ({VipsLibrary.Reason(error)})"
                    : "there is no such file",
                "Replace it, or take it out of the folder",
                error
            );
        }
    }
}
