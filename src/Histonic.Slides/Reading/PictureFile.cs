using NetVips;

namespace Histonic.Slides.Reading;

/// <summary>Small pictures as files.</summary>
public static class PictureFile
{
    /// <summary>The quality of JPEG pictures, at which colour is halved.</summary>
    internal const int JpegQuality = 88;

    /// <summary>Writes a picture as PNG.</summary>
    /// <param name="path">The file that comes to be, whole or not at all.</param>
    /// <param name="picture">The picture.</param>
    /// <exception cref="InputException">The file cannot be written.</exception>
    public static void WritePng(string path, RgbImage picture) =>
        Write(path, picture.Pixels, picture.Width, picture.Height, 3);

    /// <summary>Writes a picture of grey values as PNG.</summary>
    /// <param name="path">The file that comes to be, whole or not at all.</param>
    /// <param name="width">Width in pixels.</param>
    /// <param name="height">Height in pixels.</param>
    /// <param name="grey">Width × height bytes, row by row.</param>
    /// <exception cref="InputException">The file cannot be written.</exception>
    public static void WriteGreyPng(string path, int width, int height, byte[] grey) =>
        Write(path, grey, width, height, 1);

    /// <summary>A picture as the bytes of a PNG file.</summary>
    public static byte[] ToPng(RgbImage picture)
    {
        VipsLibrary.Prepare();
        using var image = Image.NewFromMemory(picture.Pixels, picture.Width, picture.Height, 3, Enums.BandFormat.Uchar);
        using var colour = image.Copy(interpretation: Enums.Interpretation.Srgb);
        return colour.PngsaveBuffer();
    }

    /// <summary>A picture as the bytes of a JPEG file of good quality: a tenth of the PNG of the same photograph.</summary>
    public static byte[] ToJpeg(RgbImage picture)
    {
        VipsLibrary.Prepare();
        using var image = Image.NewFromMemory(picture.Pixels, picture.Width, picture.Height, 3, Enums.BandFormat.Uchar);
        using var colour = image.Copy(interpretation: Enums.Interpretation.Srgb);
        return colour.JpegsaveBuffer(q: JpegQuality, optimizeCoding: true);
    }

    /// <summary>Reads a PNG, JPEG or TIFF whole.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InputException">As <see cref="SlideReader.Open"/>; or the pixels cannot be decoded.</exception>
    public static RgbImage Read(string path)
    {
        using var slide = SlideReader.Open(path);
        var level = slide.Levels[0];
        var pixels = new byte[checked(level.Width * level.Height * 3)];
        slide.ReadRegion(0, 0, 0, level.Width, level.Height, pixels);
        return new RgbImage(level.Width, level.Height, pixels);
    }

    /// <summary>The picture in the bytes of a PNG or JPEG file.</summary>
    /// <exception cref="InputException">They are none.</exception>
    public static RgbImage Decode(byte[] bytes)
    {
        VipsLibrary.Prepare();
        try
        {
            using var image = VipsPixels.ToRgb("a picture", Image.NewFromBuffer(bytes));
            return new RgbImage(image.Width, image.Height, image.WriteToMemory<byte>());
        }
        catch (VipsException error)
        {
            throw new InputException(
                "a picture",
                $"cannot be decoded ({VipsLibrary.Reason(error)})",
                "Install the program again",
                error
            );
        }
    }

    private static void Write(string path, byte[] pixels, int width, int height, int bands)
    {
        VipsLibrary.Prepare();
        using var image = Image.NewFromMemory(pixels, width, height, bands, Enums.BandFormat.Uchar);
        using var colour = image.Copy(interpretation: bands == 3 ? Enums.Interpretation.Srgb : Enums.Interpretation.Bw);
        var bytes = colour.PngsaveBuffer();
        AtomicFile.Write(path, partial => File.WriteAllBytes(partial, bytes));
    }
}
