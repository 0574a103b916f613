using System.Globalization;
using Histonic.Slides.Grids;
using Histonic.Slides.Reading;

namespace Histonic.Reports.HeatMaps;

/// <summary>A heat map's picture with what is needed to read it: a bar of a round length in µm or mm, and the colours with their numbers.</summary>
public static class HeatMapFigure
{
    private const int Height = 44;
    private const int Margin = 12;
    private const int BarHeight = 10;
    private const int FontSize = 14;
    private const byte Ink = 30;

    private static readonly int[] _factors = [5, 2, 1];

    /// <summary>Adds a strip below a picture of a whole slide.</summary>
    /// <param name="picture">The slide with the map over it.</param>
    /// <param name="map">The map; its colours run from its least to its greatest value (<see cref="HeatMapPicture.Render"/>).</param>
    /// <returns>A picture as wide; words are left out where this machine has no font.</returns>
    public static RgbImage Of(RgbImage picture, HeatMap map)
    {
        var figure = RgbImage.White(picture.Width, picture.Height + Height);
        figure.Lay(picture, 0, 0);
        var (top, half) = (picture.Height + Margin, picture.Width / 2);

        var micronsAPixel = map.Geometry.Level0Width / (double)picture.Width * map.Geometry.Level0PixelSize.Value.Value;
        var microns = RoundLength(micronsAPixel * (half - (3 * Margin)));
        var length = (int)Math.Round(microns / micronsAPixel);
        Fill(figure, Margin, top, length, BarHeight / 2, _ => (Ink, Ink, Ink));
        Write(figure, Words(microns), Margin, top + BarHeight);

        var (left, width) = (half + Margin, Math.Max(0, half - (2 * Margin)));
        if (map.Range is not { } range)
            return figure;
        Fill(figure, left, top, width, BarHeight, x => ColourMap.At((x + 0.5) / width));
        Write(figure, Number(range.Least), left, top + BarHeight + 4);
        Write(figure, Number(range.Greatest), left + width, top + BarHeight + 4, toTheLeft: true);
        return figure;
    }

    /// <summary>The greatest of 1, 2 and 5 times a power of ten that is not longer, in µm.</summary>
    internal static double RoundLength(double most)
    {
        if (!(most > 0))
            return 0;
        var power = Math.Pow(10, Math.Floor(Math.Log10(most)));
        return _factors.First(factor => factor * power <= most * (1 + 1e-9)) * power;
    }

    private static string Words(double microns) =>
        microns >= 1000
            ? string.Create(CultureInfo.InvariantCulture, $"{microns / 1000:0.###} mm")
            : string.Create(CultureInfo.InvariantCulture, $"{microns:0.###} µm");

    private static string Number(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);

    private static void Fill(
        RgbImage figure,
        int left,
        int top,
        int width,
        int height,
        Func<int, (byte R, byte G, byte B)> colour
    )
    {
        for (var x = Math.Max(0, left); x < Math.Min(left + width, figure.Width); x++)
        {
            for (var y = top; y < top + height; y++)
            {
                var at = ((y * figure.Width) + x) * 3;
                (figure.Pixels[at], figure.Pixels[at + 1], figure.Pixels[at + 2]) = colour(x - left);
            }
        }
    }

    private static void Write(RgbImage figure, string words, int left, int top, bool toTheLeft = false)
    {
        if (PictureText.Draw(words, FontSize) is not { } text)
            return;
        left -= toTheLeft ? text.Width : 0;
        if (left >= 0 && left + text.Width <= figure.Width) // a smaller picture has no words
            figure.Lay(text, left, top);
    }
}
