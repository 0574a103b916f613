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
            return Sized(opaque, factor);
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

    /// <summary>Brings a picture to another scale.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="scale">How many pixels one pixel becomes; 1 leaves it as it is.</param>
    public static RgbImage Resize(RgbImage picture, double scale)
    {
        VipsLibrary.Prepare();
        using var raw = Image.NewFromMemory(picture.Pixels, picture.Width, picture.Height, 3, Enums.BandFormat.Uchar);
        using var colour = raw.Copy(interpretation: Enums.Interpretation.Srgb);
        return Sized(colour, scale);
    }

    private static RgbImage Sized(Image image, double scale)
    {
        using var sized =
            Math.Abs(scale - 1) < 1e-3 ? image.Copy() : image.Resize(scale, kernel: Enums.Kernel.Lanczos3);
        using var bytes = sized.Cast(Enums.BandFormat.Uchar);
        return new RgbImage(bytes.Width, bytes.Height, bytes.WriteToMemory<byte>());
    }
}
