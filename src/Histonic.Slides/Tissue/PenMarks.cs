using Histonic.Slides.Reading;

namespace Histonic.Slides.Tissue;

/// <summary>Finds marks of blue, green, black and red pens on a thumbnail.</summary>
/// <remarks>
/// By Beer and Lambert, what two stains absorb is a sum of what each does; any mixture of hematoxylin and eosin absorbs green the most, red at
/// most about as much, blue about half of it. Inks do not: blue ink absorbs red the most; green ink red and blue; red ink blue nearly as much as
/// green, and hardly any red; black ink all alike. A mark is a region of pixels that may be ink, enough of which can be nothing else: over tissue
/// ink and stain add up, so a mark is sure on glass and pale tissue and is followed from there over dark tissue. Blood comes close to
/// red ink: haemoglobin absorbs blue as much as green (0.9 and more of it), ink less; red that is as blue-free as blood is kept.
/// docs/results/tissue.md tells what it takes from real tissue.
/// Other stains than H&amp;E may have the colours of ink (aniline blue in trichrome stains has).
/// </remarks>
internal static class PenMarks
{
    /// <summary>The area below which a region is no mark of a pen, in µm²: a stroke is 100 µm wide and more. Black specks below it are dust.</summary>
    public const double LeastArea = 10_000;

    /// <summary>The share of a mark that must be sure ink.</summary>
    private const double LeastSureShare = 0.04;

    /// <summary>What absorbs less in every colour is glass, and no ink.</summary>
    private const float LeastDensity = 0.12f;

    /// <summary>Glass is brighter; a picture without any bright pixel has no glass to compare with.</summary>
    private const int DarkestGlass = 200;

    private delegate bool Rule(float red, float green, float blue);

    // Optical densities are natural logarithms, relative to glass.
    private static readonly (Rule Sure, Rule Possible)[] _inks =
    [
        // blue
        (
            (r, g, b) => r >= 0.3f && r >= 1.35f * g && r >= 1.35f * b,
            (r, g, b) => (r >= 0.12f && r >= 1.2f * g && r >= 1.2f * b) || (r >= 0.9f && r >= 0.95f * g && r >= b)
        ),
        // green
        (
            (r, g, b) => r >= 0.3f && r >= 1.2f * g && b >= 0.9f * g,
            (r, g, b) => (r >= 0.12f && r >= 1.05f * g && b >= 0.8f * g)
        ),
        // black
        (
            (r, g, b) => Math.Min(r, Math.Min(g, b)) >= 1.2f && Neutral(r, g, b, 0.7f),
            (r, g, b) => Math.Min(r, Math.Min(g, b)) >= 0.7f && Neutral(r, g, b, 0.6f)
        ),
        // red
        (
            (r, g, b) => g >= 1.6f && b >= 0.55f * g && b <= 0.88f * g && r <= 0.2f * g,
            (r, g, b) => (g >= 0.8f && b >= 0.62f * g && r <= 0.45f * g)
        ),
    ];

    /// <summary>Finds marks.</summary>
    /// <param name="thumbnail">The slide, shrunk to mask pixels.</param>
    /// <param name="pixelArea">The area of a pixel in µm².</param>
    /// <returns>The pixels that are part of a mark, those at its rim that it covers in part included.</returns>
    public static BitRaster Find(RgbImage thumbnail, double pixelArea)
    {
        var (width, height) = (thumbnail.Width, thumbnail.Height);
        var marks = new BitRaster(width, height);
        var inks = Inks(thumbnail);
        // where marks cross, short pieces of one are left between others: those are found the second time
        for (var pass = 0; pass < 2; pass++)
        {
            var near = marks.Grown().Grown();
            foreach (var (sure, possible) in inks)
            {
                var regions = possible.Copy();
                Regions.Flip(
                    regions,
                    kind: true,
                    diagonal: true,
                    region =>
                        region.FirstMarks < LeastSureShare * region.Area
                        || (region.Area * pixelArea < LeastArea && region.SecondMarks == 0),
                    sure,
                    near
                );
                marks.Add(regions);
            }

            if (marks.IsEmpty)
                return marks;
        }

        return marks.Grown();
    }

    /// <summary>The inks that are surely there: where, and where they may be.</summary>
    private static List<(BitRaster Sure, BitRaster Possible)> Inks(RgbImage thumbnail)
    {
        var (reds, greens, blues) = (Densities(thumbnail, 0), Densities(thumbnail, 1), Densities(thumbnail, 2));
        var inks = new List<(BitRaster, BitRaster)>();
        foreach (var (isSure, isPossible) in _inks)
        {
            var sure = new BitRaster(thumbnail.Width, thumbnail.Height);
            var possible = new BitRaster(thumbnail.Width, thumbnail.Height);
            for (var y = 0; y < thumbnail.Height; y++)
            {
                var row = thumbnail.Pixels.AsSpan(y * thumbnail.Width * 3, thumbnail.Width * 3);
                for (var x = 0; x < thumbnail.Width; x++)
                {
                    var (r, g, b) = (reds[row[x * 3]], greens[row[(x * 3) + 1]], blues[row[(x * 3) + 2]]);
                    if (Math.Max(r, Math.Max(g, b)) < LeastDensity)
                        continue;
                    if (isSure(r, g, b))
                        sure[x, y] = possible[x, y] = true;
                    else if (isPossible(r, g, b))
                        possible[x, y] = true;
                }
            }

            if (!sure.IsEmpty)
                inks.Add((sure, possible));
        }

        return inks;
    }

    private static bool Neutral(float r, float g, float b, float share) =>
        Math.Min(r, Math.Min(g, b)) >= share * Math.Max(r, Math.Max(g, b));

    /// <summary>The optical density of each grey level of a channel, relative to glass; not below 0.</summary>
    private static float[] Densities(RgbImage picture, int channel)
    {
        var glass = Glass(picture, channel);
        var table = new float[256];
        for (var level = 0; level < table.Length; level++)
            table[level] = (float)Math.Max(Math.Log(glass / Math.Max(level, 1.0)), 0);
        return table;
    }

    /// <summary>The grey level of glass in one channel: the 98th percentile.</summary>
    private static int Glass(RgbImage picture, int channel)
    {
        var histogram = new long[256];
        for (var i = channel; i < picture.Width * picture.Height * 3; i += 3)
            histogram[picture.Pixels[i]]++;
        var above = (long)picture.Width * picture.Height / 50;
        var level = 255;
        for (; level > DarkestGlass && (above -= histogram[level]) >= 0; level--) { }

        return level;
    }
}
