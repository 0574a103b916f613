using Histonic.Slides.Reading;

namespace Histonic.Slides.Tissue;

/// <summary>Finds tissue: stain has colour, glass has none.</summary>
public static class TissueDetector
{
    /// <summary>What a mask of this method records.</summary>
    public const string Method = "otsu-saturation";

    /// <summary>The colour (see <see cref="ColourOf"/>) below which nothing is tissue, whatever Otsu says.</summary>
    /// <remarks>Glass and its JPEG noise lie at 0 to 8 of 255; a pale eosin stain at 25 and more.</remarks>
    public const int LeastColour = 12;

    /// <summary>The colour from which everything is tissue, whatever Otsu says.</summary>
    /// <remarks>On a slide without glass Otsu parts pale from dark tissue; its threshold is then kept below this.</remarks>
    public const int SureColour = 40;

    /// <summary>The longest side of the mask of a slide that does not tell its pixel size.</summary>
    private const int UnscaledSide = 2048;

    /// <summary>
    /// The most pixels of a mask. Up to about 16 × 16 mm it has the wanted pixel size; a larger slide gets a coarser mask
    /// (16 µm on 32 × 32 mm, still 4 pixels across a patch of 64 µm), so that memory does not grow with the slide.
    /// </summary>
    internal const int MostPixels = 4_200_000;

    /// <summary>Finds the tissue of a slide.</summary>
    /// <param name="slide">The slide.</param>
    /// <param name="options">How.</param>
    /// <returns>
    /// A mask with pixels of the wanted size (or the slide's, where that is coarser; or coarser still on a slide so large that
    /// the mask would have more than 4.2 million of them). A slide that does not tell its pixel size
    /// gets a mask of at most 2048 pixels a side, taken as if its pixels had the wanted size.
    /// </returns>
    /// <remarks>
    /// A pixel is tissue when its colour (the largest minus the smallest of red, green and blue) exceeds Otsu's threshold of
    /// the thumbnail, and the threshold is held within <see cref="LeastColour"/> and <see cref="SureColour"/>: so noise on bare glass
    /// is not called tissue, and pale tissue on a slide that is full of it is not called glass. Holes up to
    /// <see cref="TissueOptions.MaxHole"/> that do not touch the rim are filled, then pieces below
    /// <see cref="TissueOptions.MinArea"/> removed.
    /// </remarks>
    /// <exception cref="InputException">The slide cannot be decoded.</exception>
    public static TissueMask Detect(ISlide slide, TissueOptions options)
    {
        options = options.Validated();
        var level0 = slide.Levels[0];
        var downsample = slide.PixelSize is { } size
            ? Math.Max(1, options.PixelSize.Value / size.Value.Value)
            : Math.Max(1, Math.Max(level0.Width, level0.Height) / (double)UnscaledSide);
        downsample = Math.Max(downsample, Math.Sqrt((double)level0.Width * level0.Height / MostPixels));
        var pixelArea = slide.PixelSize is { } known
            ? Math.Pow(downsample * known.Value.Value, 2)
            : Math.Pow(options.PixelSize.Value, 2);
        var thumbnail = slide.ReadShrunk(downsample);
        return new TissueMask(
            thumbnail.Width,
            thumbnail.Height,
            downsample,
            Detect(thumbnail, options.MaxHole / pixelArea, options.MinArea / pixelArea),
            Method
        );
    }

    /// <summary>Finds the tissue of a thumbnail.</summary>
    /// <param name="thumbnail">The slide, shrunk.</param>
    /// <param name="maxHole">The largest hole that is filled, in its pixels.</param>
    /// <param name="minArea">The smallest piece that stays, in its pixels.</param>
    internal static bool[] Detect(RgbImage thumbnail, double maxHole, double minArea)
    {
        var colours = Smoothed(ColourOf(thumbnail), thumbnail.Width);
        var histogram = new long[256];
        foreach (var colour in colours)
            histogram[colour]++;
        var threshold = Math.Clamp(Otsu.Split(histogram).Threshold, LeastColour, SureColour);
        var tissue = Array.ConvertAll(colours, colour => colour > threshold);
        Regions.Flip(tissue, thumbnail.Width, kind: false, diagonal: false, (area, rim) => !rim && area <= maxHole);
        Regions.Flip(tissue, thumbnail.Width, kind: true, diagonal: true, (area, _) => area < minArea);
        return tissue;
    }

    /// <summary>Each pixel's largest minus its smallest primary: the saturation that black, white and grey lack.</summary>
    /// <remarks>HSV's saturation divides by the value, so that nearly black pixels (pen, folds, edges) seem stained.</remarks>
    internal static byte[] ColourOf(RgbImage picture)
    {
        var colours = new byte[picture.Width * picture.Height];
        for (var i = 0; i < colours.Length; i++)
        {
            var pixel = picture.Pixels.AsSpan(i * 3, 3);
            colours[i] = (byte)(
                Math.Max(pixel[0], Math.Max(pixel[1], pixel[2])) - Math.Min(pixel[0], Math.Min(pixel[1], pixel[2]))
            );
        }

        return colours;
    }

    /// <summary>The median of each pixel's 3 × 3 neighbourhood, which lets single pixels of noise go.</summary>
    private static byte[] Smoothed(byte[] values, int width)
    {
        var height = width == 0 ? 0 : values.Length / width;
        var result = new byte[values.Length];
        Span<byte> near = stackalloc byte[9];
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                var count = 0;
                for (var v = Math.Max(0, y - 1); v <= Math.Min(height - 1, y + 1); v++)
                {
                    for (var u = Math.Max(0, x - 1); u <= Math.Min(width - 1, x + 1); u++)
                        near[count++] = values[(v * width) + u];
                }

                near[..count].Sort();
                result[(y * width) + x] = near[count / 2];
            }
        }

        return result;
    }
}
