using System.Globalization;
using NetVips;

namespace Histonic.EndToEndTests;

/// <summary>Small slides of noisy pink tissue on glass, each of its own seed.</summary>
internal static class StainedSlides
{
    /// <summary>Writes slides slide-01.tif, slide-02.tif … at 0.5 µm/px.</summary>
    /// <param name="folder">Where; it is made.</param>
    /// <param name="count">How many.</param>
    /// <param name="side">Their side in pixels; tissue covers all but a rim of 96.</param>
    public static void Write(string folder, int count, int side)
    {
        Directory.CreateDirectory(folder);
        for (var i = 1; i <= count; i++)
            WriteOne(Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"slide-{i:00}.tif")), side, i);
    }

    /// <summary>Writes one slide.</summary>
    public static void WriteOne(string path, int side, int seed)
    {
        using var glass = Image.Black(side, side, bands: 3) + new double[] { 240, 240, 242 };
        var inside = side - 192;
        using var noise = Image.Gaussnoise(inside, inside, sigma: 25, mean: 0, seed: seed);
        using var tissue = noise + new double[] { 190, 110, 165 };
        using var slide = glass.Insert(tissue, 96, 96).Cast(Enums.BandFormat.Uchar);
        slide.Tiffsave(
            path,
            compression: Enums.ForeignTiffCompression.Jpeg,
            tile: true,
            tileWidth: 256,
            tileHeight: 256,
            pyramid: true,
            xres: 2000,
            yres: 2000
        );
    }
}
