using Histonic.Slides.Cohorts;

namespace Histonic.Reports.Viewing;

/// <summary>A table of labels that the viewer shows.</summary>
/// <param name="Name">Its file, from the folder that is shown.</param>
/// <param name="Columns">The columns with labels, in the file's order.</param>
/// <param name="Rows">Of each slide its patient, and its labels in the order of the columns as they stand in the file; empty = unknown.</param>
public sealed record ViewedLabels(
    string Name,
    IReadOnlyList<string> Columns,
    IReadOnlyDictionary<string, (string Patient, IReadOnlyList<string> Values)> Rows
)
{
    /// <summary>Reads a table.</summary>
    /// <param name="path">The file.</param>
    /// <param name="name">What it is called.</param>
    /// <exception cref="Histonic.Slides.InputException">The file or a line is at fault.</exception>
    public static ViewedLabels Read(string path, string name)
    {
        var table = LabelTable.Read(path);
        string[] columns = [.. table.TargetColumns];
        var texts = columns.Select(table.Texts).ToArray();
        var patients = table.Patients;
        return new ViewedLabels(
            name,
            columns,
            table.Slides.ToDictionary(
                slide => slide,
                slide =>
                    (
                        patients.GetValueOrDefault(slide, ""),
                        (IReadOnlyList<string>)[.. texts.Select(column => column[slide])]
                    ),
                StringComparer.Ordinal
            )
        );
    }
}
