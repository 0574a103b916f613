using Histonic.Slides.Reading;

namespace Histonic.Slides.Tissue;

/// <summary>The pixels of a slide's mask, before it is known which are tissue.</summary>
/// <param name="Width">Width in mask pixels.</param>
/// <param name="Height">Height in mask pixels.</param>
/// <param name="Downsample">Level-0 pixels per mask pixel, at least 1.</param>
/// <param name="PixelArea">The area of a mask pixel in µm²; on a slide that does not tell its pixel size, that of the wanted one.</param>
internal sealed record MaskRaster(int Width, int Height, double Downsample, double PixelArea)
{
    /// <summary>The longest side of the mask of a slide that does not tell its pixel size.</summary>
    private const int UnscaledSide = 2048;

    /// <summary>
    /// The most pixels of a mask. Up to about 16 × 16 mm it has the wanted pixel size; a larger slide gets a coarser mask
    /// (16 µm on 32 × 32 mm, still 4 pixels across a patch of 64 µm), so that memory does not grow with the slide.
    /// </summary>
    public const int MostPixels = 4_200_000;

    /// <summary>The raster of a slide.</summary>
    /// <param name="slide">The slide.</param>
    /// <param name="pixelSize">The wanted pixel size.</param>
    public static MaskRaster Of(ISlide slide, Microns pixelSize)
    {
        var level0 = slide.Levels[0];
        var downsample = slide.PixelSize is { } size
            ? Math.Max(1, pixelSize.Value / size.Value.Value)
            : Math.Max(1, Math.Max(level0.Width, level0.Height) / (double)UnscaledSide);
        downsample = Math.Max(downsample, Math.Sqrt((double)level0.Width * level0.Height / MostPixels));
        return new MaskRaster(
            (int)Math.Ceiling(level0.Width / downsample),
            (int)Math.Ceiling(level0.Height / downsample),
            downsample,
            slide.PixelSize is { } known ? Math.Pow(downsample * known.Value.Value, 2) : Math.Pow(pixelSize.Value, 2)
        );
    }
}
