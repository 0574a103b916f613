using Histonic.Slides;
using Histonic.Slides.Grids;
using Histonic.Tests.Support;

namespace Histonic.Tests.Reports.Viewing;

/// <summary>A small study in a folder: two slides, their embeddings, a heat map and a run.</summary>
internal static class ViewedFolder
{
    public const int Channels = 4;
    public const string OddName = "b <img src=x onerror=alert(1)> & \"c\"";

    public static TemporaryFolder Make()
    {
        var folder = new TemporaryFolder();
        foreach (var name in new[] { "slides", "features", "maps", "run" })
            Directory.CreateDirectory(folder[name]);
        var places = new Random(3);
        foreach (var name in new[] { "a", OddName })
        {
            TestSlides.WriteTiff(folder[$"slides/{name}.tif"], TestSlides.Pattern(640, 512), pyramid: true);
            CompressedSlideFile.Write(
                folder[$"features/{name}.h5"],
                Compressed(name, places),
                FeaturePrecision.Bits32,
                DateTimeOffset.UnixEpoch
            );
        }

        File.WriteAllText(
            folder["maps/a.csv"],
            "row,column,x,y,value,spread\n0,0,0,0,0.25,0.125\n1,2,256,128,1,\n3,4,512,384,0.5,0.5\n"
        );
        File.WriteAllText(
            folder["run/predictions.csv"],
            "slide,patient,fold,split,grade,prediction,prediction_high,prediction_low\n"
                + "a,p1,1,test,low,low,0.25,0.75\n"
                + $"\"{OddName.Replace("\"", "\"\"", StringComparison.Ordinal)}\",p2,1,test,high,low,0.4,0.6\n"
        );
        File.WriteAllText(folder["run/metrics.json"], """{"task":"classification","target":["grade"]}""");
        return folder;
    }

    public static CompressedSlide Compressed(string name, Random values) =>
        new()
        {
            Slide = name,
            Geometry = Lattices.SideBySide(640, 512, 0.5, 128),
            Rows = 4,
            Columns = 5,
            Channels = Channels,
            Cells = [.. Enumerable.Range(0, 20).Where(i => i % 3 != 1).Select(i => new GridCell(i / 5, i % 5))],
            Features =
            [
                .. Enumerable
                    .Range(0, 20 * Channels)
                    .Where(i => i / Channels % 3 != 1)
                    .Select(_ => (values.NextSingle() * 2) - 1),
            ],
            Tissue = [.. Enumerable.Range(0, 20).Select(i => i % 3 != 1 ? 1f : 0)],
            Encoder = "test",
            EncoderSha256 = new string('b', 64),
            TissueMethod = "given",
        };
}
