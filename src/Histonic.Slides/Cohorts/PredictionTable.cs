namespace Histonic.Slides.Cohorts;

/// <summary>Predictions of a cohort beside the truth: predictions.csv.</summary>
/// <param name="Target">What was predicted.</param>
/// <param name="Classes">The classes of a classification, in the order of the probabilities; else empty.</param>
/// <param name="Rows">One prediction a slide and fold.</param>
public sealed record PredictionTable(TargetSpec Target, IReadOnlyList<string> Classes, IReadOnlyList<Prediction> Rows)
{
    private const string PredictionColumn = "prediction";
    private const string SpreadColumn = "std";
    private const string ProbabilityPrefix = "prediction_";

    /// <summary>Writes predictions.csv: slide, patient, fold, split, the target columns, prediction, std where there is a spread, prediction_CLASS.</summary>
    /// <param name="path">The file that comes to be, whole or not at all.</param>
    public void Write(string path) => Write(path, [this]);

    /// <summary>Writes the predictions of several targets into one predictions.csv.</summary>
    /// <remarks>
    /// After slide, patient, fold and split come for each target the columns it would have alone; those of its prediction begin with its
    /// name and a colon (grade:prediction, grade:prediction_high), unless there is one target only.
    /// </remarks>
    /// <param name="path">The file that comes to be, whole or not at all.</param>
    /// <param name="tables">The predictions of each target; a slide that one of them lacks has empty fields there.</param>
    public static void Write(string path, IReadOnlyList<PredictionTable> tables)
    {
        var layouts = tables
            .Select(table =>
                (
                    Table: table,
                    Rows: table.Rows.ToDictionary(row => (row.Slide, row.Fold)),
                    Spread: table.Rows.Any(row => row.Spread is not null),
                    Probabilities: table.Rows.Any(row => row.Probabilities.Count > 0)
                )
            )
            .ToArray();
        List<string> header = ["slide", "patient", "fold", "split"];
        foreach (var (table, _, spread, probabilities) in layouts)
        {
            var prefix = tables.Count > 1 ? PrefixOf(table.Target) : "";
            header.AddRange(table.Target.Columns);
            header.Add(prefix + PredictionColumn);
            if (spread)
                header.Add(prefix + SpreadColumn);
            if (probabilities)
                header.AddRange(table.Classes.Select(name => prefix + ProbabilityPrefix + name));
        }

        CsvTable.Write(
            path,
            header,
            tables
                .SelectMany(table => table.Rows)
                .DistinctBy(row => (row.Slide, row.Fold))
                .Select(row =>
                {
                    List<object?> fields = [row.Slide, row.Patient, row.Fold, row.Split];
                    foreach (var (table, rows, spread, probabilities) in layouts)
                        fields.AddRange(
                            table.Fields(rows.GetValueOrDefault((row.Slide, row.Fold)), spread, probabilities)
                        );
                    return (IReadOnlyList<object?>)fields;
                })
        );
    }

    /// <summary>Reads predictions: our own predictions.csv, or any table with the columns slide and prediction.</summary>
    /// <param name="path">
    /// The table. For a classification, prediction holds a class, or with two classes a score of the second one;
    /// prediction_CLASS columns are taken when there is one for every class. Of a table of several targets the columns are taken that begin
    /// with the target's name and a colon; rows without a prediction of it are passed over.
    /// </param>
    /// <param name="target">What was predicted.</param>
    /// <param name="labels">Where the truth stands; null when it stands in the target columns of the table itself.</param>
    /// <exception cref="InputException">A column is missing, a line is at fault, or a slide is not in the labels.</exception>
    public static PredictionTable Read(string path, TargetSpec target, LabelTable? labels = null)
    {
        var table = CsvTable.Read(path);
        var prefix = table.IndexOf(PrefixOf(target) + PredictionColumn) >= 0 ? PrefixOf(target) : "";
        int slideColumn = table.Require("slide"),
            predictionColumn = table.Require(prefix + PredictionColumn),
            patientColumn = table.IndexOf("patient"),
            foldColumn = table.IndexOf("fold"),
            splitColumn = table.IndexOf("split"),
            spreadColumn = table.IndexOf(prefix + SpreadColumn);
        if (prefix.Length > 0)
            table = table with { Rows = [.. table.Rows.Where(row => row.Fields[predictionColumn].Length > 0)] };
        if (table.Rows.Count == 0)
            throw new InputException(path, "has a header but no rows", "Give one line a predicted slide");
        var truths = labels?.Truths(target) ?? LabelTable.TruthsBeside(table, target);
        var probabilityPrefix = prefix + ProbabilityPrefix;
        var classes = target is TargetSpec.Classification ? ClassesOf(table, truths, probabilityPrefix) : [];
        var truthOf = labels is null ? null : truths.ToDictionary(truth => truth.Slide, StringComparer.Ordinal);
        var probabilityColumns = classes.Select(name => table.IndexOf(probabilityPrefix + name)).ToArray();
        var kind = PredictionKind(table, predictionColumn, classes, probabilityColumns, probabilityPrefix);
        HashSet<(string, int?)> seen = [];
        List<Prediction> rows = [];
        for (var i = 0; i < table.Rows.Count; i++)
        {
            var row = table.Rows[i];
            var slide = SlideName.Of(row.Fields[slideColumn]);
            var fold = foldColumn < 0 ? null : FoldOf(table, row, foldColumn);
            if (!seen.Add((slide, fold)))
                throw table.Fault(row, $"slide {slide} is predicted a second time", "Keep one line a slide and fold");
            var truth = truthOf is null ? truths[i] : truthOf.GetValueOrDefault(slide);
            if (truth is null)
                throw table.Fault(
                    row,
                    $"slide {slide} is not in {labels!.Path}",
                    "Add its label, or take the line out"
                );
            var patient = patientColumn < 0 ? "" : row.Fields[patientColumn];
            var prediction = new Prediction
            {
                Slide = slide,
                Patient = truth.Patient,
                Fold = fold,
                Split = splitColumn >= 0 && row.Fields[splitColumn] is { Length: > 0 } split ? split : "test",
                Score = 0,
                Spread = spreadColumn < 0 ? null : table.Number(row, spreadColumn),
            }.With(truth);
            if (labels is not { HasPatients: true } && patient.Length > 0)
                prediction = prediction with { Patient = patient };
            rows.Add(Predicted(prediction, table, row, predictionColumn, classes, probabilityColumns, kind));
        }

        return new PredictionTable(target, classes, rows);
    }

    private static string PrefixOf(TargetSpec target) => $"{target.Name}:";

    // a target's own fields of a row; empty where it has none
    private List<object?> Fields(Prediction? row, bool spread, bool probabilities)
    {
        List<object?> fields = Target switch
        {
            TargetSpec.Classification => [row?.Label, (object?)row?.PredictedClass ?? row?.Score],
            TargetSpec.Regression => [row?.Value, row?.Score],
            _ =>
            [
                row?.Time,
                row?.Event switch
                {
                    null => null,
                    true => "1",
                    false => "0",
                },
                row?.Score,
            ],
        };
        if (spread)
            fields.Add(row?.Spread);
        if (probabilities)
            fields.AddRange(row?.Probabilities.Cast<object?>() ?? Classes.Select(_ => (object?)null));
        return fields;
    }

    private static IReadOnlyList<string> ClassesOf(
        CsvTable table,
        IReadOnlyList<Truth> truths,
        string probabilityPrefix
    )
    {
        var named = table
            .Header.Where(name => name.StartsWith(probabilityPrefix, StringComparison.Ordinal))
            .Select(name => new Truth("", "", 0, Label: name[probabilityPrefix.Length..]))
            .ToArray();
        var known = LabelTable.ClassesOf(truths);
        if (known.Count > 0 && named.Length == 0)
            return known;
        if (
            known.FirstOrDefault(label =>
                !named.Any(column => string.Equals(column.Label, label, StringComparison.Ordinal))
            ) is
            { } missing
        )
            throw new InputException(
                table.Path,
                $"has no column {probabilityPrefix}{missing}, though {missing} is one of the classes",
                "Give a column of probabilities for every class, or for none"
            );
        // the order of the columns, which is that of the network's outputs
        return [.. named.Select(column => column.Label!)];
    }

    private static Kind PredictionKind(
        CsvTable table,
        int predictionColumn,
        IReadOnlyList<string> classes,
        int[] probabilityColumns,
        string probabilityPrefix
    )
    {
        if (classes.Count == 0)
            return Kind.Number;
        if (probabilityColumns.All(column => column >= 0))
            return Kind.Probabilities;
        var strange = table.Rows.FirstOrDefault(row =>
            !classes.Contains(row.Fields[predictionColumn], StringComparer.Ordinal)
        );
        if (strange is null)
            return Kind.Class;
        if (
            classes.Count == 2
            && !table.Rows.Any(row => classes.Contains(row.Fields[predictionColumn], StringComparer.Ordinal))
        )
            return Kind.Score;
        throw table.Fault(
            strange,
            $"\"{strange.Fields[predictionColumn]}\" is none of the classes {string.Join(", ", classes)}",
            $"Give a class in every line, and columns {probabilityPrefix}CLASS where there are probabilities"
        );
    }

    private static Prediction Predicted(
        Prediction prediction,
        CsvTable table,
        CsvRow row,
        int predictionColumn,
        IReadOnlyList<string> classes,
        int[] probabilityColumns,
        Kind kind
    )
    {
        var text = row.Fields[predictionColumn];
        switch (kind)
        {
            case Kind.Probabilities:
                var probabilities = probabilityColumns
                    .Select(column =>
                        table.Number(row, column)
                        ?? throw table.Fault(
                            row,
                            $"column {table.Header[column]} is empty",
                            "Give a probability of every class"
                        )
                    )
                    .ToArray();
                return prediction with
                {
                    Probabilities = probabilities,
                    Score = probabilities.Length > 1 ? probabilities[1] : probabilities[0],
                    PredictedClass = classes.Contains(text, StringComparer.Ordinal)
                        ? text
                        : classes[Array.IndexOf(probabilities, probabilities.Max())],
                };
            case Kind.Class:
                return prediction with
                {
                    PredictedClass = text,
                    Score = classes.Count > 1 && string.Equals(text, classes[1], StringComparison.Ordinal) ? 1 : 0,
                };
            default:
                var score =
                    table.Number(row, predictionColumn)
                    ?? throw table.Fault(row, "has no prediction", "Fill it, or take the line out");
                return kind == Kind.Number || score is < 0 or > 1
                    ? prediction with
                    {
                        Score = score,
                    }
                    : prediction with
                    {
                        Score = score,
                        Probabilities = [1 - score, score],
                        PredictedClass = classes[score >= 0.5 && classes.Count > 1 ? 1 : 0],
                    };
        }
    }

    private static int? FoldOf(CsvTable table, CsvRow row, int column) =>
        table.Number(row, column) switch
        {
            null => null,
            >= 0 and <= int.MaxValue and var fold when double.IsInteger(fold) => (int)fold,
            _ => throw table.Fault(row, $"\"{row.Fields[column]}\" is not the number of a fold", "Give a whole number"),
        };

    private enum Kind
    {
        Number,
        Probabilities,
        Class,
        Score,
    }
}
