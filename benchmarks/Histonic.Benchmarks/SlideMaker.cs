using System.Globalization;
using Histonic.Slides;
using Histonic.Slides.Synthetic;
using NetVips;

namespace Histonic.Benchmarks;

/// <summary>Makes slides of any size out of one synthetic slide, laid side by side; streams, so that memory does not grow.</summary>
internal static class SlideMaker
{
    private const int Cell = 4096;

    /// <summary>slide SIDE OUT.tif [--single|--strips]: a square slide of 0.5 µm/px in JPEG tiles of 256, a pyramid or a single level; or one level in strips.</summary>
    public static int Run(string[] args)
    {
        var side = int.Parse(args[0], CultureInfo.InvariantCulture);
        var (path, strips) = (args[1], args.Contains("--strips", StringComparer.Ordinal));
        var single = strips || args.Contains("--single", StringComparer.Ordinal);
        var folder = Directory.CreateTempSubdirectory("histonic-slide").FullName;
        try
        {
            SyntheticCohort.Write(
                folder,
                new CohortOptions
                {
                    Slides = 1,
                    SlideSize = Cell,
                    MultipleSlides = 0,
                },
                new Seed(1),
                SilentMonitor.Instance
            );
            var times = (side + Cell - 1) / Cell;
            using var cell = Image.Tiffload(Directory.GetFiles(Path.Combine(folder, "slides"))[0]);
            using var memory = cell.CopyMemory();
            using var all = memory.Replicate(times, times);
            using var square = all.ExtractArea(0, 0, side, side);
            square.Tiffsave(
                path,
                compression: Enums.ForeignTiffCompression.Jpeg,
                q: 85,
                tile: !strips,
                tileWidth: 256,
                tileHeight: 256,
                pyramid: !single,
                bigtiff: side > 40_000,
                resunit: Enums.ForeignTiffResunit.Cm,
                xres: 2000,
                yres: 2000
            );
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        return 0;
    }
}
