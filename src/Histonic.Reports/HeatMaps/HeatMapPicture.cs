using Histonic.Slides.Grids;
using Histonic.Slides.Reading;

namespace Histonic.Reports.HeatMaps;

/// <summary>A heat map laid over its slide's thumbnail.</summary>
public static class HeatMapPicture
{
    /// <summary>The thumbnail of a slide.</summary>
    /// <param name="slide">The slide.</param>
    /// <param name="side">The longer side of the picture, in pixels; a smaller slide is shown as it is.</param>
    public static RgbImage Thumbnail(ISlide slide, int side) =>
        slide.ReadShrunk(Math.Max(1, Math.Max(slide.Levels[0].Width, slide.Levels[0].Height) / (double)side));

    /// <summary>Lays a heat map over a thumbnail; where the map has no value the thumbnail stays as it is.</summary>
    /// <param name="thumbnail">The whole slide, shrunk.</param>
    /// <param name="map">The map; shown from its least (dark) to its greatest value (bright).</param>
    /// <param name="opacity">How much of the picture is the map's colour, in [0, 1]; P2's figures use 0.4.</param>
    /// <remarks>Values are interpolated between the centres of cells that have one, so a map of few cells is not blocky.</remarks>
    public static RgbImage Render(RgbImage thumbnail, HeatMap map, double opacity = 0.5)
    {
        if (map.Range is not var (low, high))
            return thumbnail;
        var range = high - low;
        var pixels = (byte[])thumbnail.Pixels.Clone();
        var scale = map.Geometry.Level0Width / (double)thumbnail.Width;
        for (var y = 0; y < thumbnail.Height; y++)
        {
            var row = ((((y + 0.5) * scale) - map.Geometry.OffsetY) / map.Geometry.StrideLevel0) - 0.5;
            for (var x = 0; x < thumbnail.Width; x++)
            {
                var column = ((((x + 0.5) * scale) - map.Geometry.OffsetX) / map.Geometry.StrideLevel0) - 0.5;
                if (Value(map, row, column) is not { } value)
                    continue;
                var (r, g, b) = ColourMap.At(range > 0 ? (value - low) / range : 0);
                var at = ((y * thumbnail.Width) + x) * 3;
                pixels[at] = ColourMap.Mix(pixels[at], r, opacity);
                pixels[at + 1] = ColourMap.Mix(pixels[at + 1], g, opacity);
                pixels[at + 2] = ColourMap.Mix(pixels[at + 2], b, opacity);
            }
        }

        return thumbnail with
        {
            Pixels = pixels,
        };
    }

    /// <summary>Interpolates among the four nearest cells that have a value; null outside cells that have one.</summary>
    private static double? Value(HeatMap map, double row, double column)
    {
        if (!float.IsFinite(At(map, (int)Math.Round(row), (int)Math.Round(column))))
            return null;
        var (top, left) = ((int)Math.Floor(row), (int)Math.Floor(column));
        double sum = 0,
            weights = 0;
        for (var i = 0; i < 4; i++)
        {
            var (r, c) = (top + (i / 2), left + (i % 2));
            var value = At(map, r, c);
            if (!float.IsFinite(value))
                continue;
            var weight = (1 - Math.Abs(row - r)) * (1 - Math.Abs(column - c));
            (sum, weights) = (sum + (weight * value), weights + weight);
        }

        return sum / weights;
    }

    private static float At(HeatMap map, int row, int column) =>
        row >= 0 && row < map.Rows && column >= 0 && column < map.Columns
            ? map.Values[(row * map.Columns) + column]
            : float.NaN;
}
