namespace Histonic.Slides.Cohorts;

/// <summary>Predictions of a cohort beside the truth: predictions.csv.</summary>
/// <param name="Target">What was predicted.</param>
/// <param name="Classes">The classes of a classification, in the order of the probabilities; else empty.</param>
/// <param name="Rows">One prediction a slide and fold.</param>
public sealed record PredictionTable(TargetSpec Target, IReadOnlyList<string> Classes, IReadOnlyList<Prediction> Rows)
{
    private const string ProbabilityPrefix = "prediction_";

    /// <summary>Writes predictions.csv: slide, patient, fold, split, the target columns, prediction, std where there is a spread, prediction_CLASS.</summary>
    /// <param name="path">The file that comes to be, whole or not at all.</param>
    public void Write(string path)
    {
        var spread = Rows.Any(row => row.Spread is not null);
        var probabilities = Rows.Any(row => row.Probabilities.Count > 0);
        List<string> header = ["slide", "patient", "fold", "split", .. Target.Columns, "prediction"];
        if (spread)
            header.Add("std");
        if (probabilities)
            header.AddRange(Classes.Select(name => ProbabilityPrefix + name));
        CsvTable.Write(path, header, Rows.Select(row => Fields(row, spread, probabilities)));
    }

    /// <summary>Reads predictions: our own predictions.csv, or any table with the columns slide and prediction.</summary>
    /// <param name="path">
    /// The table. For a classification, prediction holds a class, or with two classes a score of the second one;
    /// prediction_CLASS columns are taken when there is one for every class.
    /// </param>
    /// <param name="target">What was predicted.</param>
    /// <param name="labels">Where the truth stands; null when it stands in the target columns of the table itself.</param>
    /// <exception cref="InputException">A column is missing, a line is at fault, or a slide is not in the labels.</exception>
    public static PredictionTable Read(string path, TargetSpec target, LabelTable? labels = null)
    {
        var table = CsvTable.Read(path);
        int slideColumn = table.Require("slide"),
            predictionColumn = table.Require("prediction"),
            patientColumn = table.IndexOf("patient"),
            foldColumn = table.IndexOf("fold"),
            splitColumn = table.IndexOf("split"),
            spreadColumn = table.IndexOf("std");
        if (table.Rows.Count == 0)
            throw new InputException(path, "has a header but no rows", "Give one line a predicted slide");
        var truths = labels?.Truths(target) ?? LabelTable.TruthsBeside(table, target);
        var classes = target is TargetSpec.Classification ? ClassesOf(table, truths) : [];
        var truthOf = labels is null ? null : truths.ToDictionary(truth => truth.Slide, StringComparer.Ordinal);
        var probabilityColumns = classes.Select(name => table.IndexOf(ProbabilityPrefix + name)).ToArray();
        var kind = PredictionKind(table, predictionColumn, classes, probabilityColumns);
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

    private List<object?> Fields(Prediction row, bool spread, bool probabilities)
    {
        List<object?> fields = [row.Slide, row.Patient, row.Fold, row.Split];
        switch (Target)
        {
            case TargetSpec.Classification:
                fields.Add(row.Label);
                fields.Add((object?)row.PredictedClass ?? row.Score);
                break;
            case TargetSpec.Regression:
                fields.Add(row.Value);
                fields.Add(row.Score);
                break;
            default:
                fields.Add(row.Time);
                fields.Add(
                    row.Event switch
                    {
                        null => null,
                        true => "1",
                        false => "0",
                    }
                );
                fields.Add(row.Score);
                break;
        }

        if (spread)
            fields.Add(row.Spread);
        if (probabilities)
            fields.AddRange(row.Probabilities.Cast<object?>());
        return fields;
    }

    private static IReadOnlyList<string> ClassesOf(CsvTable table, IReadOnlyList<Truth> truths)
    {
        var named = table
            .Header.Where(name => name.StartsWith(ProbabilityPrefix, StringComparison.Ordinal))
            .Select(name => new Truth("", "", 0, Label: name[ProbabilityPrefix.Length..]))
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
                $"has no column {ProbabilityPrefix}{missing}, though {missing} is one of the classes",
                "Give a column of probabilities for every class, or for none"
            );
        // the order of the columns, which is that of the network's outputs
        return [.. named.Select(column => column.Label!)];
    }

    private static Kind PredictionKind(
        CsvTable table,
        int predictionColumn,
        IReadOnlyList<string> classes,
        int[] probabilityColumns
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
            $"Give a class in every line, and columns {ProbabilityPrefix}CLASS where there are probabilities"
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
