using System.Text;
using Histonic.Slides.Cohorts;

namespace Histonic.Slides.Datasets;

/// <summary>What adapters share: finding files, and writing what they make.</summary>
internal static class DatasetFolder
{
    /// <summary>The table that an input names: itself, or the only .csv that the folder holds.</summary>
    public static string Table(string input)
    {
        if (File.Exists(input))
            return input;
        var root = Path.GetFullPath(input);
        var found = Files(input, ".csv")
            .Where(path => string.Equals(Path.GetDirectoryName(path), root, StringComparison.Ordinal))
            .ToList();
        return found is [var only]
            ? only
            : throw new InputException(
                input,
                $"holds {found.Count} tables (.csv)",
                "Give the one that is meant as --in"
            );
    }

    /// <summary>All files of an extension under a folder, by path.</summary>
    /// <exception cref="InputException">There is no such folder.</exception>
    public static IReadOnlyList<string> Files(string folder, string extension) =>
        Directory.Exists(folder)
            ?
            [
                .. VisibleEntries
                    .Files(Path.GetFullPath(folder), nested: true)
                    .Where(path => path.EndsWith(extension, StringComparison.OrdinalIgnoreCase)),
            ]
            : throw new InputException(folder, "there is no such folder", "Check --in");

    /// <summary>Writes labels.csv, rows in the order of their slides.</summary>
    public static string WriteLabels(
        string output,
        string input,
        IReadOnlyList<string> columns,
        IReadOnlyCollection<IReadOnlyList<object?>> rows
    )
    {
        if (rows.Count == 0)
            throw new InputException(input, "tells the label of no slide", "Check that --in is the whole data set");
        var path = Path.Combine(output, "labels.csv");
        CsvTable.Write(path, ["slide", "patient", .. columns], rows);
        return $"{path}: {rows.Count} slides of {rows.Select(row => row[1]).Distinct().Count()} patients";
    }

    /// <summary>Writes encoder.yaml: a task that encoder train reads.</summary>
    /// <param name="output">The folder.</param>
    /// <param name="dataset">The data set.</param>
    /// <param name="task">The name of the task.</param>
    /// <param name="lines">Its keys and values; values are quoted here.</param>
    /// <param name="classes">What classes become; "" = left out.</param>
    public static string WriteTask(
        string output,
        IDataset dataset,
        string task,
        IEnumerable<(string Key, string Value)> lines,
        IEnumerable<(string From, string To)> classes
    )
    {
        var text = new StringBuilder();
        text.Append("objective: supervised\ntasks:\n  - name: ").Append(task).Append('\n');
        foreach (var (key, value) in lines.Append(("origin", $"{dataset.Source}; {dataset.Licence}")))
            text.Append("    ").Append(key).Append(": ").Append(Quoted(value)).Append('\n');
        if (classes.ToList() is { Count: > 0 } renamed)
        {
            text.Append("    classes:\n");
            foreach (var (from, to) in renamed)
                text.Append("      ").Append(Quoted(from)).Append(": ").Append(Quoted(to)).Append('\n');
        }

        var path = Path.Combine(output, "encoder.yaml");
        AtomicFile.WriteText(path, text.ToString());
        return $"{path}: task {task}";
    }

    private static string Quoted(string value) => $"'{value.Replace("'", "''", StringComparison.Ordinal)}'";
}
