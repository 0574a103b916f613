using Histonic.Slides;
using Histonic.Slides.Cohorts;

namespace Histonic.Learning.Encoders.Training.Data;

/// <summary>Labelled pictures named by a table with the columns file and class, and perhaps group and mpp.</summary>
internal sealed class ManifestPatches : IPatchSource
{
    private readonly Dictionary<string, int> _lines = new(StringComparer.Ordinal);

    /// <summary>Reads the table; no picture is opened.</summary>
    /// <param name="task">The task; its location is the table. Its pixel size holds for rows without one of their own.</param>
    /// <param name="rule">Finds the patient or slide of a picture whose row tells no group.</param>
    /// <exception cref="InputException">The table is missing or not of this form, or names a picture twice.</exception>
    public ManifestPatches(TaskSource task, GroupRule rule)
    {
        Location = task.Location;
        var table = CsvTable.Read(Location);
        var (file, label) = (table.Require("file"), table.Require("class"));
        var (group, mpp) = (table.IndexOf("group"), table.IndexOf("mpp"));
        Classes =
        [
            .. table
                .Rows.Select(row => Filled(table, row, label))
                .Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal),
        ];
        var numbers = Classes.Index().ToDictionary(one => one.Item, one => one.Index, StringComparer.Ordinal);
        var folder = Path.GetDirectoryName(Path.GetFullPath(Location))!;
        var patches = new List<PatchEntry>();
        foreach (var row in table.Rows)
        {
            var path = Path.GetFullPath(Filled(table, row, file), folder);
            if (!_lines.TryAdd(path, row.Line))
            {
                throw table.Fault(
                    row,
                    $"names {row.Fields[file]}, as line {_lines[path]} does",
                    "Keep one of the two lines"
                );
            }

            patches.Add(
                new PatchEntry(
                    path,
                    numbers[row.Fields[label]],
                    group >= 0 && row.Fields[group].Length > 0 ? row.Fields[group] : rule.GroupOf(path),
                    PixelSize(table, row, mpp) ?? task.PixelSize
                )
            );
        }

        Patches = patches;
    }

    /// <inheritdoc/>
    public string Location { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> Classes { get; }

    /// <inheritdoc/>
    public IReadOnlyList<PatchEntry> Patches { get; }

    /// <inheritdoc/>
    public SourcePatch Read(PatchEntry patch, PatchScale scale)
    {
        try
        {
            return FolderPatches.ReadFile(patch.Id, patch.PixelSize, scale);
        }
        catch (InputException error)
        {
            var line = $"{Path.GetFileName(Location)}, line {_lines[patch.Id]}";
            throw new InputException(error.Subject, $"{error.Finding} ({line})", error.Remedy, error);
        }
    }

    /// <summary>Nothing is held open.</summary>
    public void Dispose() { }

    private static string Filled(CsvTable table, CsvRow row, int column) =>
        row.Fields[column] is { Length: > 0 } text
            ? text
            : throw table.Fault(row, $"has no {table.Header[column]}", "Fill it in, or remove the line");

    private static Microns? PixelSize(CsvTable table, CsvRow row, int column) =>
        (column < 0 ? null : table.Number(row, column)) switch
        {
            null => null,
            > 0.01 and < 100 and var mpp => new Microns(mpp),
            var mpp => throw table.Fault(row, $"has an mpp of {mpp}", "Give µm per pixel, between 0.01 and 100"),
        };
}
