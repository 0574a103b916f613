using System.Runtime.CompilerServices;
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

    /// <summary>The size in µm of the pixels in which marks are looked for: a stroke is a dozen wide, and nuclei and red cells, which may have the colours of ink, are mixed with what is round them.</summary>
    private const double WorkingSize = 8;

    /// <summary>The share of a mark that must be sure ink.</summary>
    private const double LeastSureShare = 0.04;

    /// <summary>The share of a piece that other marks cut off which must have the hue of an ink that was drawn with.</summary>
    private const double LeastPaleShare = 0.5;

    /// <summary>What absorbs less in every colour is glass, and no ink.</summary>
    private const float LeastDensity = 0.12f;

    /// <summary>Glass is brighter; a picture without any bright pixel has no glass to compare with.</summary>
    private const int DarkestGlass = 200;

    private delegate bool Rule(float red, float green, float blue);

    // Optical densities are natural logarithms, relative to glass.
    private static readonly Ink[] _inks =
    [
        // blue
        new(
            (r, g, b) => r >= 0.3f && r >= 1.35f * g && r >= 1.35f * b,
            (r, g, b) => (r >= 0.12f && r >= 1.2f * g && r >= 1.2f * b) || (r >= 0.9f && r >= 0.95f * g && r >= b),
            (r, g, b) => r >= 0.9f && r >= 1.1f * g && r >= 1.2f * b
        ),
        // green
        new(
            (r, g, b) => r >= 0.3f && r >= 1.2f * g && b >= 0.9f * g,
            (r, g, b) => (r >= 0.12f && r >= 1.05f * g && b >= 0.8f * g)
        ),
        // black
        new(
            (r, g, b) => Math.Min(r, Math.Min(g, b)) >= 1.2f && Neutral(r, g, b, 0.7f),
            (r, g, b) => Math.Min(r, Math.Min(g, b)) >= 0.7f && Neutral(r, g, b, 0.6f)
        ),
        // red
        new(
            (r, g, b) => g >= 1.6f && b >= 0.55f * g && b <= 0.88f * g && r <= 0.2f * g,
            (r, g, b) => (g >= 0.8f && b >= 0.62f * g && r <= 0.45f * g),
            (r, g, b) => g >= 1 && b >= 0.55f * g && b <= 0.88f * g && r <= 0.2f * g
        ),
    ];

    /// <summary>Finds marks.</summary>
    /// <param name="thumbnail">The slide, shrunk to mask pixels.</param>
    /// <param name="pixelArea">The area of a pixel in µm².</param>
    /// <returns>The pixels that are part of a mark, those at its rim that it covers in part included.</returns>
    public static BitRaster Find(RgbImage thumbnail, double pixelArea)
    {
        var step = WorkingSize / Math.Sqrt(pixelArea);
        if (step <= 1)
            return Marks(Find(thumbnail), thumbnail, pixelArea).Grown();
        var shrunk = SlideShrinker.Shrink(thumbnail, step);
        var inks = Find(shrunk);
        return Refined(Marks(inks, shrunk, pixelArea * step * step), inks, thumbnail, step).Grown();
    }

    /// <summary>The inks that are surely there: where, and where they may be.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)] // a mask is done before the compiler has looked twice
    private static List<Found> Find(RgbImage picture)
    {
        var inks = Array.ConvertAll(_inks, ink => Found.None(ink, picture));
        var densities = new Densities(picture);
        for (var y = 0; y < picture.Height; y++)
        {
            for (var x = 0; x < picture.Width; x++)
            {
                var (r, g, b) = densities.At(x, y);
                if (Math.Max(r, Math.Max(g, b)) < LeastDensity)
                    continue;
                foreach (var (ink, sure, possible, pale) in inks)
                {
                    var isSure = ink.Sure(r, g, b);
                    if (isSure)
                        sure[x, y] = true;
                    if (isSure || ink.Possible(r, g, b))
                        possible[x, y] = true;
                    if (ink.Pale?.Invoke(r, g, b) == true)
                        pale[x, y] = true;
                }
            }
        }

        return [.. inks.Where(ink => !ink.Sure.IsEmpty)];
    }

    /// <summary>The regions of possible ink that have enough of sure ink.</summary>
    private static BitRaster Marks(List<Found> inks, RgbImage picture, double pixelArea)
    {
        var marks = new BitRaster(picture.Width, picture.Height);
        var drawn = inks.FindAll(ink =>
            Add(ink, ink.Sure, null, region => IsSure(region) && region.Area * pixelArea >= LeastArea)
        );
        // where marks cross, pieces of one are left between others: short ones, and such as are too pale to be sure
        var near = marks.Grown().Grown();
        foreach (var ink in inks)
            Add(ink, ink.Sure, near, region => IsSure(region) && region.SecondMarks > 0);
        foreach (var ink in drawn)
            Add(
                ink,
                ink.Pale,
                near,
                region => region.FirstMarks >= LeastPaleShare * region.Area && region.SecondMarks > 0
            );
        return marks;

        bool IsSure(Region region) => region.FirstMarks >= LeastSureShare * region.Area;

        bool Add(Found ink, BitRaster sure, BitRaster? beside, Func<Region, bool> isMark)
        {
            var regions = ink.Possible.Copy();
            Regions.Flip(regions, kind: true, diagonal: true, region => !isMark(region), sure, beside);
            marks.Add(regions);
            return !regions.IsEmpty;
        }
    }

    /// <summary>Marks in finer pixels than they were found in: what may be ink there, in them or at their rim.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static BitRaster Refined(BitRaster marks, List<Found> inks, RgbImage picture, double step)
    {
        var refined = new BitRaster(picture.Width, picture.Height);
        if (marks.IsEmpty)
            return refined;
        var near = marks.Grown();
        var densities = new Densities(picture);
        for (var y = 0; y < picture.Height; y++)
        {
            var v = (int)((y + 0.5) / step);
            for (var x = 0; x < picture.Width; x++)
            {
                var u = (int)((x + 0.5) / step);
                refined[x, y] = marks[u, v] || (near[u, v] && MayBeInk(x, y));
            }
        }

        return refined;

        bool MayBeInk(int x, int y)
        {
            var (r, g, b) = densities.At(x, y);
            return Math.Max(r, Math.Max(g, b)) >= LeastDensity && inks.Exists(found => found.Ink.Possible(r, g, b));
        }
    }

    private static bool Neutral(float r, float g, float b, float share) =>
        Math.Min(r, Math.Min(g, b)) >= share * Math.Max(r, Math.Max(g, b));

    /// <summary>What an ink absorbs.</summary>
    /// <param name="Sure">What can be nothing else.</param>
    /// <param name="Possible">What can be it, over tissue too.</param>
    /// <param name="Pale">What is too pale to be sure, but is likely where the slide has marks of this ink; null = nothing.</param>
    private sealed record Ink(Rule Sure, Rule Possible, Rule? Pale = null);

    /// <summary>Where the colours of an ink were found.</summary>
    private sealed record Found(Ink Ink, BitRaster Sure, BitRaster Possible, BitRaster Pale)
    {
        public static Found None(Ink ink, RgbImage picture) => new(ink, Empty(picture), Empty(picture), Empty(picture));

        private static BitRaster Empty(RgbImage picture) => new(picture.Width, picture.Height);
    }

    /// <summary>The optical densities of a picture, relative to glass; not below 0.</summary>
    private sealed class Densities(RgbImage picture)
    {
        private readonly float[][] _tables = [Table(picture, 0), Table(picture, 1), Table(picture, 2)];

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public (float Red, float Green, float Blue) At(int x, int y)
        {
            var pixel = picture.Pixels.AsSpan(((y * picture.Width) + x) * 3, 3);
            return (_tables[0][pixel[0]], _tables[1][pixel[1]], _tables[2][pixel[2]]);
        }

        private static float[] Table(RgbImage picture, int channel)
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
}
