using Histonic.Slides.Cohorts;

namespace Histonic.Slides.Datasets;

/// <summary>
/// Clinical tables of TCGA as the survival benchmarks of computational pathology share them: case_id, slide_id, survival_months and censorship
/// (1 = censored), also of disease-specific survival (_dss) and progression (_pfi).
/// </summary>
internal sealed class Tcga : IDataset
{
    private static readonly string[] _ends = ["", "_dss", "_pfi"];
    private static readonly string[] _asTheyAre = ["site", "age", "is_female", "oncotree_code"];

    public string Name => "tcga";

    public string Summary => "survival of TCGA's patients, several slides a patient";

    public string Source => "https://github.com/mahmoodlab/SurvPath (tables), https://portal.gdc.cancer.gov (slides)";

    public string Licence => "GDC open access: NIH Genomic Data Sharing policy; the tables as their repository says";

    public string Expects => "a table with case_id, slide_id, survival_months, censorship (1 = censored)";

    public IReadOnlyList<string> Prepare(string input, string output, IWorkMonitor monitor)
    {
        var table = CsvTable.Read(DatasetFolder.Table(input));
        var (patient, slide) = (table.Require("case_id"), table.Require("slide_id"));
        table.Require("survival_months");
        table.Require("censorship");
        var ends = _ends
            .Where(end => table.IndexOf("survival_months" + end) >= 0 && table.IndexOf("censorship" + end) >= 0)
            .ToList();
        var kept = _asTheyAre.Where(name => table.IndexOf(name) >= 0).ToList();
        var truths = new Dictionary<string, (string Truth, int Line)>(StringComparer.Ordinal);
        var lines = new Dictionary<string, int>(StringComparer.Ordinal);
        var rows = new List<IReadOnlyList<object?>>();
        foreach (var row in table.Rows)
        {
            var name = SlideName.Of(row.Fields[slide]);
            if (name.Length == 0 || row.Fields[patient].Length == 0)
                throw table.Fault(row, "lacks case_id or slide_id", "Fill it in, or remove the line");
            if (!lines.TryAdd(name, row.Line))
                throw table.Fault(row, $"slide {name} was already on line {lines[name]}", "Keep one line a slide");
            var survival = ends.SelectMany(end => Survival(table, row, end)).ToList();
            var truth = string.Join(' ', survival);
            if (
                !truths.TryAdd(row.Fields[patient], (truth, row.Line))
                && truths[row.Fields[patient]] is var (first, line)
                && !string.Equals(first, truth, StringComparison.Ordinal)
            )
                throw table.Fault(
                    row,
                    $"patient {row.Fields[patient]} survives otherwise than on line {line}",
                    "Mend one of the two"
                );
            rows.Add([
                name,
                row.Fields[patient],
                .. survival,
                .. kept.Select(column => (object?)row.Fields[table.IndexOf(column)]),
            ]);
        }

        var columns = ends.SelectMany(end => new[] { "months" + end, "event" + end }).Concat(kept);
        return [DatasetFolder.WriteLabels(output, table.Path, [.. columns], rows)];
    }

    private static IEnumerable<object?> Survival(CsvTable table, CsvRow row, string end)
    {
        var months = table.Number(row, table.IndexOf("survival_months" + end));
        var censored = table.Number(row, table.IndexOf("censorship" + end));
        if (months is < 0)
            throw table.Fault(row, $"survives {months} months", "Give times from 0");
        if (censored is not (null or 0 or 1))
            throw table.Fault(row, $"has a censorship{end} of {censored}", "Give 1 for censored and 0 for an event");
        // half a pair is no truth
        return months is null || censored is null ? [null, null] : [months, censored == 1 ? 0 : 1];
    }
}
