using System.Globalization;

namespace Histonic.Slides.Datasets;

/// <summary>TUPAC16: 500 training slides of breast cancer (TCGA) with a mitotic score and a proliferation score from gene expression.</summary>
internal sealed class Tupac16 : IDataset
{
    public string Name => "tupac16";

    public string Summary => "breast cancer, mitotic score (1 to 3) and proliferation score of 500 slides";

    public string Source => "https://tupac.grand-challenge.org";

    public string Licence => "challenge data: the organisers' terms; the slides are TCGA's";

    public string Expects =>
        "the training table without header (mitotic score, proliferation score); line n is TUPAC-TR-n";

    public IReadOnlyList<string> Prepare(string input, string output, IWorkMonitor monitor)
    {
        var table = DatasetFolder.Table(input);
        var rows = new List<IReadOnlyList<object?>>();
        foreach (var (index, text) in File.ReadLines(table).Index())
        {
            if (text.Length == 0)
                continue;
            var fields = text.Split(',');
            if (
                fields.Length != 2
                || !int.TryParse(fields[0], NumberStyles.None, CultureInfo.InvariantCulture, out var mitotic)
                || mitotic is < 1 or > 3
                || !double.TryParse(fields[1], NumberStyles.Float, CultureInfo.InvariantCulture, out var proliferation)
                || !double.IsFinite(proliferation)
            )
                throw new InputException(
                    $"{table}, line {index + 1}",
                    $"\"{text}\" is no mitotic score (1 to 3) and proliferation score",
                    "Give the training table as the challenge gives it out: two columns, no header"
                );
            var slide = string.Create(CultureInfo.InvariantCulture, $"TUPAC-TR-{index + 1:000}");
            rows.Add([slide, slide, mitotic, proliferation]);
        }

        return [DatasetFolder.WriteLabels(output, table, ["mitotic_score", "proliferation"], rows)];
    }
}
