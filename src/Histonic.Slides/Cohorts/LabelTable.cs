using System.Globalization;

namespace Histonic.Slides.Cohorts;

/// <summary>A table of labels: a column <c>slide</c>, optionally <c>patient</c>, and any target columns; empty = unknown.</summary>
/// <remarks>
/// CLAM's and Patho-Bench's names for these two are understood as well: <c>slide_id</c>, and <c>patient_id</c> or <c>case_id</c>. Of several the first
/// of this order counts. A case that went unnoticed would be split over folds.
/// </remarks>
public sealed class LabelTable
{
    private static readonly string[] _slideNames = ["slide", "slide_id"];
    private static readonly string[] _patientNames = ["patient", "patient_id", "case_id"];

    private readonly CsvTable _table;
    private readonly (CsvRow Row, string Slide, string Patient)[] _rows;

    private LabelTable(CsvTable table, (CsvRow Row, string Slide, string Patient)[] rows)
    {
        _table = table;
        _rows = rows;
        Slides = [.. rows.Select(row => row.Slide)];
        HasPatients = IndexOf(table, _patientNames) >= 0;
    }

    /// <summary>Gets the file.</summary>
    public string Path => _table.Path;

    /// <summary>Gets the names of the columns.</summary>
    public IReadOnlyList<string> Columns => _table.Header;

    /// <summary>Gets the slides, without extension, in the file's order.</summary>
    public IReadOnlyList<string> Slides { get; }

    /// <summary>Gets whether the table tells patients; else every slide is one of its own.</summary>
    public bool HasPatients { get; }

    /// <summary>Gets the patient of each slide, where the table has a column of them; a slide without one is a patient of its own. Else none.</summary>
    public IReadOnlyDictionary<string, string> Patients =>
        HasPatients
            ? _rows.ToDictionary(row => row.Slide, row => row.Patient, StringComparer.Ordinal)
            : new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Gets the names of the columns that tell neither slide nor patient.</summary>
    public IEnumerable<string> TargetColumns =>
        Columns.Where((_, i) => i != IndexOf(_table, _slideNames) && i != IndexOf(_table, _patientNames));

    /// <summary>Reads a label table.</summary>
    /// <param name="path">A CSV file; slides are file names with or without extension.</param>
    /// <exception cref="InputException">The file or a line is at fault, doubled slides among them; the message names file and line.</exception>
    public static LabelTable Read(string path)
    {
        var table = CsvTable.Read(path);
        var slideColumn = IndexOf(table, _slideNames) is >= 0 and var index ? index : table.Require("slide");
        var patientColumn = IndexOf(table, _patientNames);
        Dictionary<string, int> lines = new(StringComparer.Ordinal);
        List<(CsvRow, string, string)> rows = [];
        foreach (var row in table.Rows)
        {
            var slide = SlideName.Of(row.Fields[slideColumn]);
            if (slide.Length == 0)
                throw table.Fault(row, "names no slide", "Fill its column slide, or take the line out");
            if (!lines.TryAdd(slide, row.Line))
                throw table.Fault(row, $"slide {slide} was already on line {lines[slide]}", "Keep one line a slide");
            var patient = patientColumn < 0 ? "" : row.Fields[patientColumn];
            rows.Add((row, slide, patient.Length == 0 ? slide : patient));
        }

        return rows.Count > 0
            ? new LabelTable(table, [.. rows])
            : throw new InputException(path, "has a header but no rows", "Give one line a slide");
    }

    /// <summary>What the table says of each slide, in its order; slides whose truth is unknown are among them.</summary>
    /// <exception cref="InputException">
    /// A column is missing, or a cell is not a number, a time is negative, an event or label is not 0 or 1, or only one of time
    /// and event is given.
    /// </exception>
    public IReadOnlyList<Truth> Truths(TargetSpec target)
    {
        var columns = target.Columns.Select(_table.Require).ToArray();
        return
        [
            .. _rows.Select(row =>
                TruthOf(_table, target, columns, new Truth(row.Slide, row.Patient, row.Row.Line), row.Row)
            ),
        ];
    }

    /// <summary>What a column says of each slide, as it stands there; empty = unknown.</summary>
    /// <exception cref="InputException">There is no such column.</exception>
    public IReadOnlyDictionary<string, string> Texts(string column)
    {
        var index = _table.Require(column);
        return _rows.ToDictionary(row => row.Slide, row => row.Row.Fields[index], StringComparer.Ordinal);
    }

    /// <summary>The truths that stand in a table of predictions itself, one a row; slides may come more than once.</summary>
    internal static IReadOnlyList<Truth> TruthsBeside(CsvTable table, TargetSpec target)
    {
        var columns = target.Columns.Select(table.Require).ToArray();
        var slideColumn = table.Require("slide");
        return
        [
            .. table.Rows.Select(row =>
            {
                var slide = SlideName.Of(row.Fields[slideColumn]);
                return TruthOf(table, target, columns, new Truth(slide, slide, row.Line), row);
            }),
        ];
    }

    /// <summary>The classes among truths: numbers in their order, other words in that of their letters.</summary>
    public static IReadOnlyList<string> ClassesOf(IEnumerable<Truth> truths)
    {
        var classes = truths.Select(truth => truth.Label).OfType<string>().Distinct(StringComparer.Ordinal).ToArray();
        return classes.All(name => double.TryParse(name, NumberStyles.Float, CultureInfo.InvariantCulture, out _))
            ? [.. classes.OrderBy(name => double.Parse(name, CultureInfo.InvariantCulture))]
            : [.. classes.Order(StringComparer.Ordinal)];
    }

    private static int IndexOf(CsvTable table, string[] names) =>
        names.Select(table.IndexOf).FirstOrDefault(index => index >= 0, -1);

    private static Truth TruthOf(CsvTable table, TargetSpec target, int[] columns, Truth slide, CsvRow row) =>
        target switch
        {
            TargetSpec.Label => slide with { Label = LabelOf(table, row, columns[0]) },
            TargetSpec.Classification => slide with
            {
                Label = row.Fields[columns[0]] is { Length: > 0 } label ? label : null,
            },
            TargetSpec.Regression => slide with { Value = table.Number(row, columns[0]) },
            _ => SurvivalOf(table, slide, row, columns[0], columns[1]),
        };

    private static Truth SurvivalOf(CsvTable table, Truth truth, CsvRow row, int timeColumn, int eventColumn)
    {
        var time = table.Number(row, timeColumn);
        var happened = row.Fields[eventColumn];
        if (time is null && happened.Length == 0)
            return truth;
        if (time is null || happened.Length == 0)
            throw table.Fault(
                row,
                $"column {table.Header[time is null ? timeColumn : eventColumn]} is empty, but "
                    + $"{table.Header[time is null ? eventColumn : timeColumn]} is not",
                "Give time and event, or neither"
            );
        if (time < 0)
            throw table.Fault(
                row,
                $"the time {row.Fields[timeColumn]} in column {table.Header[timeColumn]} is negative",
                "Give times from 0, counted from the same starting point for all"
            );
        return truth with
        {
            Time = time,
            Event = YesOrNo(happened) switch
            {
                { } seen => seen,
                _ => throw table.Fault(
                    row,
                    $"the event \"{happened}\" in column {table.Header[eventColumn]} is neither 0 nor 1",
                    "Write 1 where the event was seen, 0 where observation ended before it"
                ),
            },
        };
    }

    private static string? LabelOf(CsvTable table, CsvRow row, int column) =>
        (row.Fields[column], YesOrNo(row.Fields[column])) switch
        {
            ({ Length: 0 }, _) => null,
            (_, { } holds) => holds ? "1" : "0",
            var (text, _) => throw table.Fault(
                row,
                $"the label \"{text}\" in column {table.Header[column]} is neither 0 nor 1",
                "Write 1 where it holds, 0 where it does not, nothing where that is not known"
            ),
        };

    private static bool? YesOrNo(string text) =>
        text switch
        {
            "1" or "1.0" => true,
            "0" or "0.0" => false,
            _ => null,
        };
}
