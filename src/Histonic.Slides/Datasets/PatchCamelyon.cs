using Histonic.Slides.Reading;

namespace Histonic.Slides.Datasets;

/// <summary>PatchCamelyon: patches of 96 px of CAMELYON16 in HDF5; the official test set stays out.</summary>
internal sealed class PatchCamelyon : IDataset
{
    private const string Pixels = "camelyonpatch_level_2_split_train_x.h5";

    public string Name => "pcam";

    public string Summary => "patches of lymph nodes with tumour in the middle or not, for training encoders";

    public string Source => "https://github.com/basveeling/pcam (Zenodo 2546921)";

    public string Licence => "CC0";

    public string Expects =>
        $"{Pixels}, camelyonpatch_level_2_split_train_y.h5 and camelyonpatch_level_2_split_train_meta.csv, unpacked";

    public IReadOnlyList<string> Prepare(string input, string output, IWorkMonitor monitor)
    {
        var path = DatasetFolder
            .Files(input, ".h5")
            .FirstOrDefault(one => string.Equals(Path.GetFileName(one), Pixels, StringComparison.Ordinal));
        if (path is null)
            throw new InputException(input, $"holds no {Pixels}", "Download it, and unpack it: gunzip FILE.gz");
        using var set = PatchSetFile.Open(path);
        if (set.Labels.Except([0, 1]).Any())
            throw new InputException(path, "has labels other than 0 and 1", "Give PatchCamelyon's own files");
        if (!File.Exists(path.Replace("_x.h5", "_meta.csv", StringComparison.Ordinal)))
            monitor.Warn($"{path}: …_meta.csv is not beside it, so patches of one slide may be in training and test");
        return
        [
            DatasetFolder.WriteTask(
                output,
                this,
                "metastasis",
                // scanned at 0.243 µm, shrunk from 40x to 10x
                [("location", path), ("mpp", "0.972")],
                [("0", "normal"), ("1", "tumor")]
            ) + $", {set.Count} patches",
        ];
    }
}
