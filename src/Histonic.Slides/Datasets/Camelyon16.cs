using System.Text.RegularExpressions;

namespace Histonic.Slides.Datasets;

/// <summary>CAMELYON16: slides of sentinel lymph nodes, normal or with metastases of breast cancer that ASAP's XML outlines.</summary>
internal sealed partial class Camelyon16 : IDataset
{
    public string Name => "camelyon16";

    public string Summary => "lymph nodes, tumour or not (399 slides), and outlined metastases for training encoders";

    public string Source => "https://camelyon17.grand-challenge.org/Data (GigaDB 100439)";

    public string Licence => "CC0";

    public string Expects =>
        "normal_*.tif, tumor_*.tif, test_*.tif, tumor_*.xml and reference.csv (of the test slides) in any folders";

    public IReadOnlyList<string> Prepare(string input, string output, IWorkMonitor monitor)
    {
        var slides = DatasetFolder.Files(input, ".tif").Where(path => SlideFile().IsMatch(Path.GetFileName(path)));
        var truth = References(input);
        var rows = new List<IReadOnlyList<object?>>();
        string? tumours = null;
        foreach (var path in slides.OrderBy(path => Path.GetFileName(path), StringComparer.Ordinal))
        {
            var name = Path.GetFileNameWithoutExtension(path);
            var train = !name.StartsWith("test", StringComparison.Ordinal);
            if (name.StartsWith("tumor", StringComparison.Ordinal))
            {
                var folder = Path.GetDirectoryName(path)!;
                if (tumours is not null && !string.Equals(tumours, folder, StringComparison.Ordinal))
                    throw new InputException(path, $"lies elsewhere than in {tumours}", "Put tumor_*.tif together");
                tumours = folder;
            }

            if (train)
                rows.Add([name, name, name.StartsWith("tumor", StringComparison.Ordinal) ? 1 : 0, "train"]);
            else if (truth.TryGetValue(name, out var tumour))
                rows.Add([name, name, tumour ? 1 : 0, "test"]);
            else
                monitor.Warn($"{path}: no reference.csv tells whether it has a tumour; left out");
        }

        List<string> made = [DatasetFolder.WriteLabels(output, input, ["tumour", "set"], rows)];
        var drawn = DatasetFolder
            .Files(input, ".xml")
            .Where(path => Path.GetFileName(path).StartsWith("tumor_", StringComparison.Ordinal))
            .ToList();
        if (tumours is null || drawn.Count == 0)
        {
            monitor.Warn($"{input}: no tumor_*.tif with tumor_*.xml; no task for encoders is written");
            return made;
        }

        // only those of training slides: what lies beside them may be the test's
        var copies = Path.GetFullPath(Path.Combine(output, "annotations"));
        foreach (var path in drawn)
            AtomicFile.Write(
                Path.Combine(copies, Path.GetFileName(path)),
                partial => File.Copy(path, partial, overwrite: true)
            );
        made.Add(
            DatasetFolder.WriteTask(
                output,
                this,
                "metastasis",
                [("location", tumours), ("annotations", copies), ("rest", "normal")],
                // _2 are areas without tumour inside others
                [("_0", "tumor"), ("_1", "tumor"), ("_2", "normal"), ("Tumor", "tumor"), ("Exclusion", "normal")]
            )
        );
        return made;
    }

    private static Dictionary<string, bool> References(string input)
    {
        var truth = new Dictionary<string, bool>(StringComparer.Ordinal);
        foreach (
            var path in DatasetFolder
                .Files(input, ".csv")
                .Where(path => Path.GetFileName(path).Equals("reference.csv", StringComparison.OrdinalIgnoreCase))
        )
        {
            foreach (var line in File.ReadLines(path))
            {
                var fields = line.Split(',', StringSplitOptions.TrimEntries);
                if (fields.Length > 1 && fields[0].StartsWith("test_", StringComparison.Ordinal))
                    truth[Path.GetFileNameWithoutExtension(fields[0])] = fields[1]
                        .Equals("tumor", StringComparison.OrdinalIgnoreCase);
            }
        }

        return truth;
    }

    // masks are called tumor_001_mask.tif
    [GeneratedRegex("^(normal|tumor|test)_[0-9]+[.]tif$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex SlideFile();
}
