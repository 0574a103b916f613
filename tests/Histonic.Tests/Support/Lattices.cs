using Histonic.Slides;
using Histonic.Slides.Reading;
using Histonic.Slides.Tiling;

namespace Histonic.Tests.Support;

/// <summary>Where patches lie on slides that need no file.</summary>
internal static class Lattices
{
    /// <summary>Patches side by side.</summary>
    /// <param name="width">The width of level 0 in pixels.</param>
    /// <param name="height">The height of level 0 in pixels.</param>
    /// <param name="pixelSize">The pixel size of level 0 in µm.</param>
    /// <param name="side">The side of a patch in working pixels.</param>
    /// <param name="downsample">Level-0 pixels per working pixel.</param>
    public static GridGeometry SideBySide(long width, long height, double pixelSize, int side, int downsample = 1) =>
        new()
        {
            Level0Width = width,
            Level0Height = height,
            Level0PixelSize = new PixelSize(new Microns(pixelSize), "override"),
            PixelSize = new Microns(pixelSize * downsample),
            Level = 0,
            LevelDownsample = 1,
            Downsample = downsample,
            PatchSize = side,
            Stride = side,
        };
}
