using System.Globalization;
using System.Text.RegularExpressions;
using Histonic.Slides.Cohorts;

namespace Histonic.Slides.Datasets;

/// <summary>CAMELYON17: five slides of lymph nodes a patient, each with its kind of metastasis, and the patient's pN stage.</summary>
internal sealed partial class Camelyon17 : IDataset
{
    private const int PatientsOfCentre = 20;
    private const int TrainingPatients = 100;

    public string Name => "camelyon17";

    public string Summary =>
        "lymph nodes of 100 patients of 5 hospitals: metastasis (negative, itc, micro, macro), pN stage";

    public string Source => "https://camelyon17.grand-challenge.org/Data";

    public string Licence => "CC0";

    public string Expects => "stage_labels.csv (patient,stage: lines of patients and of their slides)";

    public IReadOnlyList<string> Prepare(string input, string output, IWorkMonitor monitor)
    {
        var path = File.Exists(input)
            ? input
            : DatasetFolder
                .Files(input, ".csv")
                .FirstOrDefault(one => Path.GetFileName(one).StartsWith("stage_labels", StringComparison.Ordinal))
                ?? throw new InputException(input, "holds no stage_labels.csv", "Put it there, or give it as --in");
        var table = CsvTable.Read(path);
        var (file, label) = (table.Require("patient"), table.Require("stage"));
        var stages = new Dictionary<string, string>(StringComparer.Ordinal);
        var slides = new List<(CsvRow Row, string Slide, string Patient, int Number)>();
        foreach (var row in table.Rows)
        {
            var name = row.Fields[file];
            var match = Node().Match(name);
            if (match.Success)
                slides.Add(
                    (
                        row,
                        SlideName.Of(name),
                        match.Groups["patient"].Value,
                        int.Parse(match.Groups["number"].ValueSpan, CultureInfo.InvariantCulture)
                    )
                );
            else if (name.EndsWith(".zip", StringComparison.Ordinal))
                stages[name[..^".zip".Length]] = row.Fields[label];
            else
                throw table.Fault(
                    row,
                    $"\"{name}\" is neither patient_NNN.zip nor patient_NNN_node_N.tif",
                    "Give the table as the challenge gives it out"
                );
        }

        var rows = slides
            .Select(one =>
            {
                var kind = one.Row.Fields[label].ToLowerInvariant();
                if (kind is not ("negative" or "itc" or "micro" or "macro"))
                    throw table.Fault(
                        one.Row,
                        $"\"{one.Row.Fields[label]}\" is no kind of metastasis",
                        "Give negative, itc, micro or macro"
                    );
                object? centre = one.Number < TrainingPatients ? $"centre_{one.Number / PatientsOfCentre}" : null;
                return (IReadOnlyList<object?>)
                    [
                        one.Slide,
                        one.Patient,
                        kind,
                        kind is "negative" ? 0 : 1,
                        stages.GetValueOrDefault(one.Patient),
                        centre,
                    ];
            })
            .ToList();
        return [DatasetFolder.WriteLabels(output, path, ["metastasis", "tumour", "stage", "centre"], rows)];
    }

    [GeneratedRegex("^(?<patient>patient_(?<number>[0-9]{3}))_node_[0-9][.]tif$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Node();
}
