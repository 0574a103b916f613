using Histonic.Slides.Reading;

namespace Histonic.Slides.Tiling;

/// <summary>Reads squares of a slide around any point, at a working pixel size, from the level that patches are cut from.</summary>
public static class SquareReader
{
    /// <summary>Reads a square. May be called from several threads at once.</summary>
    /// <param name="slide">The slide.</param>
    /// <param name="geometry">Its working pixel size and level. Where the level is within <see cref="GridGeometry.Tolerance"/>, pixels are taken as they are; else areas are averaged.</param>
    /// <param name="x">The middle, in pixels of level 0.</param>
    /// <param name="y">The middle, in pixels of level 0.</param>
    /// <param name="side">The side in working pixels.</param>
    /// <returns>side × side pixels; what lies outside the slide is white.</returns>
    /// <exception cref="InputException">The pixels cannot be decoded.</exception>
    public static RgbImage Read(ISlide slide, GridGeometry geometry, double x, double y, int side)
    {
        var scale = geometry.Downsample / geometry.LevelDownsample; // level pixels per working pixel
        var left = (x / geometry.LevelDownsample) - (side * scale / 2);
        var top = (y / geometry.LevelDownsample) - (side * scale / 2);
        var pixels = new byte[side * side * 3];
        if (geometry.Downsample == geometry.LevelDownsample)
        {
            slide.ReadRegion(geometry.Level, (int)Math.Round(left), (int)Math.Round(top), side, side, pixels);
            return new RgbImage(side, side, pixels);
        }

        var (firstX, firstY, source) = (
            (int)Math.Floor(left),
            (int)Math.Floor(top),
            (int)Math.Ceiling(side * scale) + 1
        );
        var region = new byte[source * source * 3];
        slide.ReadRegion(geometry.Level, firstX, firstY, source, source, region);
        new AreaShrinker(
            new AreaWeights(source, side, scale, [left - firstX]),
            new AreaWeights(source, side, scale, [top - firstY]),
            (row, rgb) => rgb.CopyTo(pixels.AsSpan(row * side * 3))
        ).Add(region, source);
        return new RgbImage(side, side, pixels);
    }
}
