using System.Globalization;
using System.Runtime.CompilerServices;
using Histonic.Slides.Reading;

namespace Histonic.Slides.Tissue;

/// <summary>Finds the tissue of a slide by the method that was chosen.</summary>
public static class TissueDetector
{
    /// <summary>The colour (see <see cref="ColourOf"/>) below which nothing is tissue, whatever Otsu says.</summary>
    /// <remarks>Glass and its JPEG noise lie at 0 to 8 of 255; a pale eosin stain at 25 and more.</remarks>
    public const int LeastColour = 12;

    /// <summary>The colour from which everything is tissue, whatever Otsu says.</summary>
    /// <remarks>On a slide without glass Otsu parts pale from dark tissue; its threshold is then kept below this.</remarks>
    public const int SureColour = 40;

    /// <summary>The colour from which all is alike to Otsu: else a little of something gaudy parts from all the rest, pale tissue with the glass.</summary>
    private const byte StrongColour = 2 * SureColour;

    /// <summary>The share of what has the colour of tissue that may be taken for pen before the user is told.</summary>
    private const double ManyPenMarks = 0.5;

    /// <summary>The share of the smallest area that a piece which touches a pen mark must have: less is the mark's own fringe.</summary>
    private const double CutOffShare = 0.2;

    /// <summary>Finds the tissue of a slide.</summary>
    /// <param name="slide">The slide.</param>
    /// <param name="options">How.</param>
    /// <returns>
    /// A mask with pixels of the wanted size (or the slide's, where that is coarser; or coarser still on a slide so large that
    /// the mask would have more than 4.2 million of them). A slide that does not tell its pixel size
    /// gets a mask of at most 2048 pixels a side, taken as if its pixels had the wanted size. For a given mask see <see cref="TissueMaskFile"/>.
    /// </returns>
    /// <remarks>
    /// With <see cref="TissueMethod.Otsu"/> a pixel is tissue when its colour (the largest minus the smallest of red, green and blue) exceeds Otsu's
    /// threshold of the thumbnail, and the threshold is held within <see cref="LeastColour"/> and <see cref="SureColour"/>: so noise on bare glass
    /// is not called tissue, and pale tissue on a slide that is full of it is not called glass. Pen marks (<see cref="PenMarks"/>) are removed.
    /// Holes up to <see cref="TissueOptions.MaxHole"/> that do not touch the rim are filled, but not where a pen made them; what is
    /// out of focus goes; then pieces below <see cref="TissueOptions.MinArea"/>.
    /// </remarks>
    /// <exception cref="InputException">The slide cannot be decoded; its mask is missing, or of another shape.</exception>
    public static TissueMask Detect(ISlide slide, TissueOptions options)
    {
        options = options.Validated();
        if (options.Method is TissueMethod.Given given)
            return TissueMaskFile.Read(TissueMaskFile.Of(given.Path, slide.Name), slide, options.PixelSize);
        var raster = MaskRaster.Of(slide, options.PixelSize);
        if (options.Method is TissueMethod.Everything)
        {
            var all = new BitRaster(raster.Width, raster.Height);
            for (var y = 0; y < all.Height; y++)
                all.Fill(y, 0, all.Width, true);
            return new TissueMask(all, raster.Downsample, options.MethodName);
        }

        var warnings = new List<string>();
        var tissue = Detect(slide.ReadShrunk(raster.Downsample), raster.PixelArea, options, warnings, Blurred);
        return new TissueMask(tissue, raster.Downsample, options.MethodName) { Warnings = warnings };

        BitRaster Blurred(BitRaster among, Microns most)
        {
            if (slide.PixelSize is { } size)
                return BlurFinder.Find(slide, size.Value, raster, among, most);
            warnings.Add("its pixel size is not known, so blur was not looked for");
            return new BitRaster(among.Width, among.Height);
        }
    }

    /// <summary>Finds the tissue of a thumbnail.</summary>
    /// <param name="thumbnail">The slide, shrunk.</param>
    /// <param name="pixelArea">The area of one of its pixels in µm².</param>
    /// <param name="options">How; the method looks at pixels.</param>
    /// <param name="warnings">Receives what a user should know.</param>
    /// <param name="blurred">Tells which of the tissue has details wider than asked for.</param>
    internal static BitRaster Detect(
        RgbImage thumbnail,
        double pixelArea,
        TissueOptions options,
        List<string>? warnings = null,
        Func<BitRaster, Microns, BitRaster>? blurred = null
    )
    {
        var pen = options.KeepPen ? null : PenMarks.Find(thumbnail, pixelArea);
        var tissue = Stained(thumbnail, options.Method, pen);
        if (pen is not null)
            Remove(tissue, pen, warnings);
        Regions.Flip(
            tissue,
            kind: false,
            diagonal: false,
            hole => !hole.AtRim && hole.Area * pixelArea <= options.MaxHole
        );
        if (pen is not null)
            tissue.Remove(pen);
        if (options.MaxBlur is { } most && blurred is not null)
            tissue.Remove(blurred(tissue, most));
        // what a pen has cut off is small without being dirt
        Regions.Flip(
            tissue,
            kind: true,
            diagonal: true,
            piece =>
                piece.Area * pixelArea < options.MinArea
                && (piece.Area * pixelArea < options.MinArea * CutOffShare || piece.FirstMarks == 0),
            pen?.Grown()
        );
        return tissue;
    }

    /// <summary>What has the colour of tissue.</summary>
    /// <param name="thumbnail">The slide, shrunk.</param>
    /// <param name="method">Which colours.</param>
    /// <param name="pen">Where pen marks are, whose colours say nothing of tissue; null = not looked for.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)] // a mask is done before the compiler has looked twice
    private static BitRaster Stained(RgbImage thumbnail, TissueMethod method, BitRaster? pen)
    {
        var (width, height) = (thumbnail.Width, thumbnail.Height);
        if (method is TissueMethod.Hsv(var range))
        {
            var inside = new byte[width * height];
            for (var i = 0; i < inside.Length; i++)
            {
                var pixel = thumbnail.Pixels.AsSpan(i * 3, 3);
                inside[i] = range.Contains(pixel[0], pixel[1], pixel[2]) ? (byte)1 : (byte)0;
            }

            MedianFilter.Apply(inside, width);
            return Above(inside, width, height, 0);
        }

        var colours = ColourOf(thumbnail);
        MedianFilter.Apply(colours, width);
        var histogram = new long[256];
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                if (pen is null || !pen[x, y])
                    histogram[Math.Min(colours[(y * width) + x], StrongColour)]++;
            }
        }

        return Above(colours, width, height, Math.Clamp(Otsu.Split(histogram).Threshold, LeastColour, SureColour));
    }

    /// <summary>The pixels whose value exceeds a threshold.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static BitRaster Above(byte[] values, int width, int height, int threshold)
    {
        var above = new BitRaster(width, height);
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                if (values[(y * width) + x] > threshold)
                    above[x, y] = true;
            }
        }

        return above;
    }

    private static void Remove(BitRaster tissue, BitRaster pen, List<string>? warnings)
    {
        var before = tissue.Ones();
        tissue.Remove(pen);
        var removed = before - tissue.Ones();
        if (removed > ManyPenMarks * before)
            warnings?.Add(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{100.0 * removed / before:0} % of what has the colour of tissue was taken for pen marks and left out; look at the mask, and give --keep-pen if it is tissue"
                )
            );
    }

    /// <summary>Each pixel's largest minus its smallest primary: the saturation that black, white and grey lack.</summary>
    /// <remarks>HSV's saturation divides by the value, so that nearly black pixels (pen, folds, edges) seem stained.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
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
}
