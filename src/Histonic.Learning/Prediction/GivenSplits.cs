using System.Globalization;
using Histonic.Slides;
using Histonic.Slides.Cohorts;

namespace Histonic.Learning.Prediction;

/// <summary>Rounds as somebody split them: one official division into training, validation and test, or several.</summary>
/// <remarks>
/// Read from a table with the columns slide, split (train, validation, test) and, where there are several rounds, fold; or from CLAM's tables
/// (columns train, val, test, each a list of slides), a file or a folder of splits_0.csv, splits_1.csv ….
/// </remarks>
internal sealed class GivenSplits
{
    private static readonly Dictionary<string, SlideRole> _words = new(StringComparer.OrdinalIgnoreCase)
    {
        ["train"] = SlideRole.Training,
        ["training"] = SlideRole.Training,
        ["val"] = SlideRole.Validation,
        ["validation"] = SlideRole.Validation,
        ["tune"] = SlideRole.Validation,
        ["test"] = SlideRole.Test,
        ["testing"] = SlideRole.Test,
    };

    private readonly IReadOnlyList<Dictionary<string, SlideRole>> _rounds;

    private GivenSplits(IReadOnlyList<Dictionary<string, SlideRole>> rounds) => _rounds = rounds;

    /// <summary>Gets the number of rounds.</summary>
    public int Count => _rounds.Count;

    /// <summary>What a slide is for in one round, from 1.</summary>
    public SlideRole RoleOf(string slide, int round) => _rounds[round - 1].GetValueOrDefault(slide, SlideRole.None);

    /// <summary>Reads splits; null where the file tells partitions, or is none of these.</summary>
    /// <param name="path">The file, or the folder of CLAM's.</param>
    /// <param name="truths">The slides; others are passed over.</param>
    /// <exception cref="InputException">A slide is doubled or in no round, a word is unknown, a patient is on two sides, or a side is empty.</exception>
    public static GivenSplits? TryRead(string path, IReadOnlyList<Truth> truths)
    {
        var rounds =
            Directory.Exists(path) ? OfFolder(path)
            : CsvTable.Read(path) is var table && table.IndexOf("slide") >= 0 && table.IndexOf("split") >= 0
                ? OfLines(table)
            : IsOfClam(table) ? [OfClam(table)]
            : null;
        if (rounds is null)
            return null;
        var known = truths.ToDictionary(truth => truth.Slide, StringComparer.Ordinal);
        foreach (var (i, round) in rounds.Index())
        {
            foreach (var stranger in round.Keys.Where(slide => !known.ContainsKey(slide)).ToArray())
                round.Remove(stranger);
            var source = rounds.Count == 1 ? path : FormattableString.Invariant($"fold {i + 1} of {path}");
            foreach (var role in new[] { SlideRole.Training, SlideRole.Validation, SlideRole.Test })
            {
                if (!round.ContainsValue(role))
                    throw new InputException(
                        source,
                        $"has no {role.ToString().ToLowerInvariant()} slide with a known target",
                        "A round needs slides to train, to validate (they choose the epoch) and to test"
                    );
            }

            Folds.RefuseSplit(
                source,
                [.. truths.Where(truth => round.ContainsKey(truth.Slide))],
                truth => round[truth.Slide].ToString().ToLowerInvariant(),
                "the sides",
                "Keep all slides of a patient on one side"
            );
        }

        return truths.FirstOrDefault(truth => !rounds.Any(round => round.ContainsKey(truth.Slide))) is { } missing
            ? throw new InputException(
                path,
                $"tells no split of slide {missing.Slide}",
                "Add a line for it, or take it out of the labels"
            )
            : new GivenSplits(rounds);
    }

    /// <summary>Writes them: slide, patient, fold, split.</summary>
    public void Write(string path, IReadOnlyList<Truth> truths) =>
        CsvTable.Write(
            path,
            ["slide", "patient", "fold", "split"],
            from round in Enumerable.Range(1, Count)
            from truth in truths
            let role = RoleOf(truth.Slide, round)
            where role != SlideRole.None
            select (IReadOnlyList<object?>)
                [
                    truth.Slide,
                    truth.Patient,
                    round,
                    role switch
                    {
                        SlideRole.Training => "train",
                        SlideRole.Validation => "validation",
                        _ => "test",
                    },
                ]
        );

    private static List<Dictionary<string, SlideRole>> OfLines(CsvTable table)
    {
        int slideColumn = table.Require("slide"),
            splitColumn = table.Require("split"),
            foldColumn = table.IndexOf("fold");
        SortedDictionary<int, Dictionary<string, SlideRole>> rounds = [];
        foreach (var row in table.Rows)
        {
            var fold = foldColumn < 0 ? 1 : table.Number(row, foldColumn);
            if (fold is not ({ } number and >= 1 and <= 1000) || !double.IsInteger(number))
                throw table.Fault(row, $"\"{row.Fields[foldColumn]}\" is not a fold", "Number the folds 1, 2, 3 …");
            if (!_words.TryGetValue(row.Fields[splitColumn], out var role))
                throw table.Fault(row, $"\"{row.Fields[splitColumn]}\" is no split", "Write train, validation or test");
            if (!rounds.TryGetValue((int)number, out var round))
                rounds.Add((int)number, round = new Dictionary<string, SlideRole>(StringComparer.Ordinal));
            var slide = SlideName.Of(row.Fields[slideColumn]);
            if (!round.TryAdd(slide, role))
                throw table.Fault(row, $"slide {slide} comes a second time", "Keep one line a slide and fold");
        }

        return rounds.Count > 0 && rounds.Keys.Last() == rounds.Count
            ? [.. rounds.Values]
            : throw new InputException(
                table.Path,
                $"has the folds {string.Join(", ", rounds.Keys)}",
                "Number them 1, 2, 3 … without a gap"
            );
    }

    private static bool IsOfClam(CsvTable table) =>
        table.IndexOf("slide") < 0
        && table.IndexOf("train") >= 0
        && table.IndexOf("val") >= 0
        && table.IndexOf("test") >= 0;

    private static List<Dictionary<string, SlideRole>> OfFolder(string folder)
    {
        var files = Directory
            .EnumerateFiles(folder, "splits_*.csv")
            .Select(file => (File: file, Number: Path.GetFileNameWithoutExtension(file)["splits_".Length..]))
            .Where(one => int.TryParse(one.Number, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            .OrderBy(one => int.Parse(one.Number, CultureInfo.InvariantCulture))
            .Select(one => CsvTable.Read(one.File))
            .ToArray();
        if (files.Length == 0)
            throw new InputException(
                folder,
                "holds no splits_0.csv",
                "Give a folder of CLAM's splits, or a table of folds"
            );
        return Array.Find(files, file => !IsOfClam(file)) is { } strange
            ? throw new InputException(
                strange.Path,
                "lacks one of the columns train, val, test",
                "Give CLAM's splits_K.csv"
            )
            : [.. files.Select(OfClam)];
    }

    private static Dictionary<string, SlideRole> OfClam(CsvTable table)
    {
        Dictionary<string, SlideRole> round = new(StringComparer.Ordinal);
        foreach (var name in new[] { "train", "val", "test" })
        {
            var column = table.Require(name);
            foreach (var row in table.Rows.Where(row => row.Fields[column].Length > 0))
            {
                var slide = SlideName.Of(row.Fields[column]);
                if (!round.TryAdd(slide, _words[name]))
                    throw table.Fault(row, $"slide {slide} comes a second time", "Keep each slide on one side");
            }
        }

        return round;
    }
}
