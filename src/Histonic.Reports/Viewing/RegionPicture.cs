using Histonic.Slides.Reading;

namespace Histonic.Reports.Viewing;

/// <summary>A small picture of one place of a slide.</summary>
internal static class RegionPicture
{
    /// <summary>Reads a square, from the coarsest level that has enough pixels.</summary>
    /// <param name="slide">The slide.</param>
    /// <param name="x">Left edge in level-0 pixels.</param>
    /// <param name="y">Top edge in level-0 pixels.</param>
    /// <param name="side">Its side in level-0 pixels.</param>
    /// <param name="wanted">About how many pixels across the picture should have at least, where the slide has them.</param>
    public static RgbImage Read(ISlide slide, long x, long y, double side, int wanted)
    {
        var level = slide.Levels.LastOrDefault(level => side / level.Downsample >= wanted) ?? slide.Levels[0];
        var pixels = Math.Clamp((int)Math.Round(side / level.Downsample), 1, 2048);
        var rgb = new byte[pixels * pixels * 3];
        slide.ReadRegion(
            level.Index,
            (int)Math.Round(x / level.Downsample),
            (int)Math.Round(y / level.Downsample),
            pixels,
            pixels,
            rgb
        );
        return new RgbImage(pixels, pixels, rgb);
    }
}
