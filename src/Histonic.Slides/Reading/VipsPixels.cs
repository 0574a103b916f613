using NetVips;

namespace Histonic.Slides.Reading;

/// <summary>Brings what vips opens to 8-bit RGB without alpha.</summary>
internal static class VipsPixels
{
    private static readonly double[] _white = [255];

    /// <summary>Adds the steps that lead to 8-bit RGB; nothing is decoded yet. Takes the image over.</summary>
    /// <exception cref="InputException">The image has pixels that are no picture: floats, or many channels.</exception>
    public static Image ToRgb(string path, Image image)
    {
        if (image is { Format: Enums.BandFormat.Uchar, Bands: 3, Interpretation: Enums.Interpretation.Srgb })
            return image;
        if (
            image.Format is not (Enums.BandFormat.Uchar or Enums.BandFormat.Ushort)
            || image.Bands > 4
            || (image.Bands == 3 && image.Interpretation == Enums.Interpretation.Multiband)
        )
        {
            var (bands, format) = (image.Bands, image.Format);
            image.Dispose();
            throw new InputException(
                path,
                $"has {bands} channels of type {format}, which is no brightfield picture",
                "Export it as 8-bit or 16-bit RGB"
            );
        }

        // Each step holds a reference to the one before, so the wrappers can go.
        image = Step(image, one => one.Colourspace(Enums.Interpretation.Srgb));
        if (image.HasAlpha())
            image = Step(image, one => one.Flatten(background: _white));
        if (image.Bands == 1)
            image = Step(image, one => one.Bandjoin(one, one));
        return image.Format == Enums.BandFormat.Uchar ? image : Step(image, one => one.Cast(Enums.BandFormat.Uchar));
    }

    private static Image Step(Image image, Func<Image, Image> step)
    {
        using (image)
            return step(image);
    }
}
