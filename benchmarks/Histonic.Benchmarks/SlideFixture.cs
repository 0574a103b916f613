using Histonic.Slides;
using Histonic.Slides.Reading;
using Histonic.Slides.Synthetic;

namespace Histonic.Benchmarks;

/// <summary>A pyramidal JPEG slide of 4096 px, made once.</summary>
internal static class SlideFixture
{
    public const int Side = 4096;

    public static string Path { get; } = Make();

    private static string Make()
    {
        var path = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"histonic-benchmark-{Side}.tif");
        if (File.Exists(path))
            return path;
        var random = new Seed(1).For("benchmark slide");
        var pixels = new byte[Side * Side * 3];
        for (var y = 0; y < Side; y++)
        {
            for (var x = 0; x < Side; x++)
            {
                var at = ((y * Side) + x) * 3;
                var wave = 30 * Math.Sin(x / 17.0) * Math.Cos(y / 23.0);
                pixels[at] = (byte)(190 + wave + random.Next(12));
                pixels[at + 1] = (byte)(120 + wave + random.Next(12));
                pixels[at + 2] = (byte)(170 + wave + random.Next(12));
            }
        }

        PyramidWriter.Write(path, new RgbImage(Side, Side, pixels), new Microns(0.5), 90);
        return path;
    }
}
