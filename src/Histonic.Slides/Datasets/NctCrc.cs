namespace Histonic.Slides.Datasets;

/// <summary>NCT-CRC-HE-100K and CRC-VAL-HE-7K: patches of 224 px of nine kinds of colorectal tissue, one folder a class.</summary>
internal sealed class NctCrc : IDataset
{
    private static readonly string[] _classes = ["ADI", "BACK", "DEB", "LYM", "MUC", "MUS", "NORM", "STR", "TUM"];

    public string Name => "nct-crc";

    public string Summary => "nine kinds of colorectal tissue, for training encoders";

    public string Source => "https://zenodo.org/records/1214456";

    public string Licence => "CC BY 4.0";

    public string Expects => $"the unpacked folder with {string.Join(", ", _classes)}";

    public IReadOnlyList<string> Prepare(string input, string output, IWorkMonitor monitor)
    {
        var pictures = DatasetFolder.Files(input, ".tif");
        var root = Path.GetFullPath(input);
        var found = Directory
            .GetDirectories(root)
            .Select(path => Path.GetFileName(path)!)
            .Order(StringComparer.Ordinal)
            .ToList();
        if (found.Except(_classes, StringComparer.OrdinalIgnoreCase).FirstOrDefault() is { } other)
            throw new InputException(
                Path.Combine(root, other),
                $"is no class of this set ({string.Join(", ", _classes)})",
                "Give the folder in which the folders of the classes are, and nothing else"
            );
        foreach (var missing in _classes.Except(found, StringComparer.OrdinalIgnoreCase))
            monitor.Warn($"{input}: class {missing} is missing");
        if (found.Count < 2 || pictures.Count == 0)
            throw new InputException(
                input,
                $"holds {pictures.Count} pictures of {found.Count} classes",
                "Unpack NCT-CRC-HE-100K.zip or CRC-VAL-HE-7K.zip, and give the folder in it"
            );
        return
        [
            DatasetFolder.WriteTask(output, this, "tissue", [("location", root), ("mpp", "0.5")], [])
                + $", {pictures.Count} patches of {found.Count} classes",
        ];
    }
}
