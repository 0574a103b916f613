using Histonic.Slides;
using Histonic.Slides.Cohorts;

namespace Histonic.Learning.Encoders.Training.Data;

/// <summary>Who is trained on, validated on and tested on: dealt by shares, or given by a splits.csv.</summary>
public sealed class PatchSplit
{
    private readonly SplitShares _shares;
    private readonly Dictionary<string, SplitPart>? _given;

    private PatchSplit(SplitShares shares, Dictionary<string, SplitPart>? given) => (_shares, _given) = (shares, given);

    /// <summary>Deals whole groups by shares.</summary>
    public static PatchSplit Of(SplitShares shares) => new(shares, null);

    /// <summary>Takes each group's part from a splits.csv that a training wrote, so that what was held out there is held out here.</summary>
    /// <param name="path">A file with the columns group, file and part; an empty group means that the file is its own.</param>
    /// <param name="shares">For groups that the file does not name.</param>
    /// <exception cref="InputException">The file is missing or not of this form, or a group is in two parts.</exception>
    public static PatchSplit Read(string path, SplitShares shares)
    {
        var table = CsvTable.Read(path);
        var given = new Dictionary<string, SplitPart>(StringComparer.Ordinal);
        var (group, file, part) = (table.Require("group"), table.Require("file"), table.Require("part"));
        foreach (var row in table.Rows)
        {
            var name = row.Fields[group] is { Length: > 0 } told ? told : Key(row.Fields[file]);
            SplitPart here = row.Fields[part] switch
            {
                "train" => SplitPart.Train,
                "validation" => SplitPart.Validation,
                "test" => SplitPart.Test,
                var other => throw new InputException(
                    $"{path}, line {row.Line}",
                    $"has the part \"{other}\"",
                    "Parts are train, validation and test"
                ),
            };
            if (!given.TryAdd(name, here) && given[name] != here)
            {
                throw new InputException(
                    $"{path}, line {row.Line}",
                    $"puts {name} into {here}, and an earlier line into {given[name]}",
                    "Keep all patches of a patient or slide in one part"
                );
            }
        }

        return new PatchSplit(shares, given);
    }

    /// <summary>Whether a part should hold patches.</summary>
    public bool Wants(SplitPart part) => _given?.ContainsValue(part) ?? _shares.Of(part) > 0;

    /// <summary>The part of each group.</summary>
    /// <param name="patches">The group and the class of each patch.</param>
    /// <param name="seed">Orders groups of one size.</param>
    internal IReadOnlyDictionary<string, SplitPart> Deal(IEnumerable<(string Group, string Class)> patches, Seed seed)
    {
        var all = patches.ToList();
        if (_given is null)
            return GroupSplitter.Deal(all, _shares, seed);
        var known = all.Select(patch => patch.Group)
            .Distinct(StringComparer.Ordinal)
            .Where(group => _given.ContainsKey(group) || _given.ContainsKey(Key(group)))
            .ToDictionary(
                group => group,
                group => _given.TryGetValue(group, out var part) ? part : _given[Key(group)],
                StringComparer.Ordinal
            );
        var rest = GroupSplitter.Deal(all.Where(patch => !known.ContainsKey(patch.Group)), _shares, seed);
        return known.Concat(rest).ToDictionary(one => one.Key, one => one.Value, StringComparer.Ordinal);
    }

    // a patch of no known patient goes by its file's name: the folder may have moved
    private static string Key(string file) => Path.GetFileName(file);
}
