using System.Globalization;
using System.Text;
using Histonic.Slides;
using Histonic.Slides.Grids;
using NetVips;

namespace Histonic.EndToEndTests.Viewing;

/// <summary>
/// A small study as the program writes it: synthetic slides with embeddings, heat maps and three runs; beside them a slide of
/// black and white squares whose embeddings tell which is which, and names and labels that are markup.
/// </summary>
internal sealed class ViewedStudy : IDisposable
{
    /// <summary>The slide of squares: 16 × 12 of 128 px, channel 0 is 1 on black and −1 on white.</summary>
    public const string Squares = "squares";

    /// <summary>A slide whose name would run a script as markup.</summary>
    public const string OddSlide = "odd <img src=x onerror=window.hit=1> & \"name\"";

    /// <summary>A label that would run a script as markup.</summary>
    public const string OddLabel = "<svg onload=window.hit=1>";

    /// <summary>A slide so large, and in strips, that it is copied before it is shown.</summary>
    public const string Strips = "strips";

    /// <summary>How many slides have pixels: those of the cohort, the squares, the strips and the odd one.</summary>
    public const int WithPixels = Cohort + 3;

    private const int Cohort = 12;
    private const int Rows = 12;
    private const int Columns = 16;
    private const int Channels = 128;

    private readonly TemporaryFolder _folder = new();

    private ViewedStudy() { }

    /// <summary>Gets the folder.</summary>
    public string Path => _folder.Path;

    /// <summary>Makes the study with the program.</summary>
    public static async Task<ViewedStudy> MakeAsync()
    {
        var study = new ViewedStudy();
        var slides = study._folder["slides"];
        await HistonicProcess.SucceedAsync([
            "synth",
            "cohort",
            "--out",
            study.Path,
            "--slides",
            $"{Cohort}",
            "--size",
            "1024",
            "--quiet",
        ]);
        File.Copy($"{slides}/S0001.tif", $"{slides}/{OddSlide}.tif");
        await HistonicProcess.SucceedAsync([
            "compress",
            slides,
            "--encoder",
            "histonic-synth",
            "--out",
            study._folder["features"],
            "--quiet",
        ]);
        study.WriteSquares();
        study.WriteStrips();
        foreach (
            var name in Directory
                .GetFiles(study._folder["features"], "*.h5")
                .Select(file => System.IO.Path.GetFileNameWithoutExtension(file))
        )
            study.WriteMap(name);
        study.WriteRuns();
        return study;
    }

    /// <inheritdoc/>
    public void Dispose() => _folder.Dispose();

    private static string Text(double value) => value.ToString("0.####", CultureInfo.InvariantCulture);

    private void WriteSquares()
    {
        using var small = Image.Black(Columns, Rows);
        var squares = Enumerable
            .Range(0, Rows * Columns)
            .Select(i => (byte)(IsBlack(i / Columns, i % Columns) ? 20 : 235));
        using var grey = Image.NewFromMemory([.. squares], Columns, Rows, 1, Enums.BandFormat.Uchar);
        using var slide = grey.Zoom(128, 128).Bandjoin(grey.Zoom(128, 128)).Bandjoin(grey.Zoom(128, 128));
        slide
            .Copy(interpretation: Enums.Interpretation.Srgb)
            .Tiffsave(
                _folder[$"slides/{Squares}.tif"],
                tile: true,
                tileWidth: 256,
                tileHeight: 256,
                pyramid: true,
                xres: 2000,
                yres: 2000
            );
        var random = new Random(1);
        var features = new float[Rows * Columns * Channels];
        for (var i = 0; i < features.Length; i++)
            features[i] = (float)random.NextDouble() - 0.5f;
        for (var i = 0; i < Rows * Columns; i++)
            features[i * Channels] = IsBlack(i / Columns, i % Columns) ? 1 : -1;
        CompressedSlideFile.Write(
            _folder[$"features/{Squares}.h5"],
            new CompressedSlide
            {
                Slide = Squares,
                Geometry = Lattices.SideBySide(Columns * 128, Rows * 128, 0.5, 128),
                Rows = Rows,
                Columns = Columns,
                Channels = Channels,
                Cells = [.. Enumerable.Range(0, Rows * Columns).Select(i => new GridCell(i / Columns, i % Columns))],
                Features = features,
                Tissue = [.. Enumerable.Repeat(1f, Rows * Columns)],
                Encoder = "squares",
                EncoderSha256 = new string('0', 64),
                TissueMethod = "given",
            },
            FeaturePrecision.Bits32,
            DateTimeOffset.UnixEpoch
        );
    }

    private void WriteStrips()
    {
        using var across = Image.Xyz(6400, 5600);
        using var colours = (across / 30).Bandjoin(across.ExtractBand(0) / 40).Cast(Enums.BandFormat.Uchar);
        colours
            .Copy(interpretation: Enums.Interpretation.Srgb)
            .Tiffsave(
                _folder[$"slides/{Strips}.tif"],
                compression: Enums.ForeignTiffCompression.Deflate,
                xres: 2000,
                yres: 2000
            );
    }

    private static bool IsBlack(int row, int column) => (row + column) % 2 == 0;

    /// <summary>A heat map that grows towards the right; its spread over networks grows downwards, that over symmetries is the same everywhere.</summary>
    private void WriteMap(string name)
    {
        var slide = CompressedSlideFile.Read(_folder[$"features/{name}.h5"]);
        var lines = new StringBuilder("row,column,x,y,value,spread,spread_symmetries\n");
        foreach (var cell in slide.Cells)
        {
            var (x, y) = slide.Geometry.Origin(cell.Row, cell.Column);
            lines.Append(
                CultureInfo.InvariantCulture,
                $"{cell.Row},{cell.Column},{x},{y},{Text(cell.Column / (double)slide.Columns)},{Text(0.01 * cell.Row)},0.005\n"
            );
        }

        Directory.CreateDirectory(_folder["maps"]);
        File.WriteAllText(_folder[$"maps/{name}.csv"], lines.ToString());
    }

    /// <summary>Predictions that are right more often than not: their scores lean towards the truth.</summary>
    private void WriteRuns()
    {
        var rows = File.ReadAllLines(_folder["labels.csv"]).Select(line => line.Split(',')).ToArray();
        var at = rows[0].Index().ToDictionary(pair => pair.Item, pair => pair.Index, StringComparer.Ordinal);
        var random = new Random(5);
        var (pattern, proliferation, survival, odd) = (
            new StringBuilder(
                "slide,patient,fold,split,pattern,prediction,prediction_desmoplastic,prediction_replacement\n"
            ),
            new StringBuilder("slide,patient,fold,split,proliferation,prediction\n"),
            new StringBuilder("slide,patient,fold,split,time,event,prediction\n"),
            new StringBuilder($"slide,patient,fold,split,grade,prediction,\"prediction_{OddLabel}\",prediction_low\n")
        );
        foreach (var (i, row) in rows.Skip(1).Index())
        {
            var lead = $"{row[at["slide"]]},{row[at["patient"]]},{(i % 3) + 1},test";
            var noise = random.NextDouble() - 0.5;
            var isReplacement = string.Equals(row[at["pattern"]], "replacement", StringComparison.Ordinal);
            var share = Math.Clamp(0.5 + (isReplacement ? 0.25 : -0.25) + (1.1 * noise), 0.02, 0.98);
            var called = share > 0.5 ? "replacement" : "desmoplastic";
            pattern.Append(
                CultureInfo.InvariantCulture,
                $"{lead},{row[at["pattern"]]},{called},{Text(1 - share)},{Text(share)}\n"
            );
            var value = double.Parse(row[at["proliferation"]], CultureInfo.InvariantCulture);
            proliferation.Append(
                CultureInfo.InvariantCulture,
                $"{lead},{row[at["proliferation"]]},{Text(value + noise)}\n"
            );
            var time = double.Parse(row[at["time"]], CultureInfo.InvariantCulture);
            survival.Append(
                CultureInfo.InvariantCulture,
                $"{lead},{row[at["time"]]},{row[at["event"]]},{Text((3 * noise) - (time / 20))}\n"
            );
            odd.Append(
                CultureInfo.InvariantCulture,
                $"{lead},\"{(i % 2 == 0 ? OddLabel : "low")}\",low,{Text(0.3 + (0.1 * noise))},{Text(0.7 - (0.1 * noise))}\n"
            );
        }

        odd.Append(
            CultureInfo.InvariantCulture,
            $"\"{OddSlide.Replace("\"", "\"\"", StringComparison.Ordinal)}\",\"<b>P</b>\",1,test,\"{OddLabel}\",low,0.2,0.8\n"
        );
        WriteRun("runs/pattern", pattern, """{"task":"classification","target":["pattern"]}""");
        WriteRun("runs/proliferation", proliferation, """{"task":"regression","target":["proliferation"]}""");
        WriteRun("runs/survival", survival, """{"task":"survival","target":["time","event"]}""");
        WriteRun("runs/z <i onmouseover=window.hit=1>", odd, """{"task":"classification","target":["grade"]}""");
    }

    private void WriteRun(string folder, StringBuilder predictions, string metrics)
    {
        Directory.CreateDirectory(_folder[folder]);
        File.WriteAllText(_folder[$"{folder}/predictions.csv"], predictions.ToString());
        File.WriteAllText(_folder[$"{folder}/metrics.json"], metrics);
    }
}
