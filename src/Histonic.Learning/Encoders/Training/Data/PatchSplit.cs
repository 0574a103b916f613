using Histonic.Slides;
using Histonic.Slides.Cohorts;

namespace Histonic.Learning.Encoders.Training.Data;

/// <summary>Who is trained on, validated on and tested on: dealt by shares, or given by a splits.csv.</summary>
public sealed class PatchSplit
{
    private readonly SplitShares _shares;
    private readonly Given? _given;

    private PatchSplit(SplitShares shares, Given? given) => (_shares, _given) = (shares, given);

    /// <summary>Deals whole groups by shares.</summary>
    public static PatchSplit Of(SplitShares shares) => new(shares, null);

    /// <summary>Takes each patch's part from a splits.csv that a training wrote, so that what was held out there is held out here.</summary>
    /// <remarks>
    /// A group goes where the file has it, or where the file has its patches, found by task and name: so patches that were each
    /// a group of their own can be grouped later. What the file does not know is dealt by shares. A task
    /// that was renamed is found by its files' names alone.
    /// </remarks>
    /// <param name="path">A file with the columns group, file and part, and perhaps task; an empty group means that the patch is its own.</param>
    /// <param name="shares">For groups that the file does not name.</param>
    /// <exception cref="InputException">The file is missing or not of this form, or a group or a patch is in two parts.</exception>
    public static PatchSplit Read(string path, SplitShares shares)
    {
        var table = CsvTable.Read(path);
        var given = new Given(path);
        var (group, file, part) = (table.Require("group"), table.Require("file"), table.Require("part"));
        var task = table.IndexOf("task");
        foreach (var row in table.Rows)
        {
            SplitPart here = row.Fields[part] switch
            {
                "train" => SplitPart.Train,
                "validation" => SplitPart.Validation,
                "test" => SplitPart.Test,
                var other => throw table.Fault(
                    row,
                    $"has the part \"{other}\"",
                    "Parts are train, validation and test"
                ),
            };
            var name = row.Fields[file];
            if (row.Fields[group] is { Length: > 0 } told)
                Add(given.Groups, told, told);
            Add(given.Patches, (task < 0 ? "" : row.Fields[task], name), name);
            if (!given.Files.TryAdd(name, here) && given.Files[name] != here)
                given.Files[name] = null; // two tasks call two patches alike: the name alone says nothing

            void Add<T>(Dictionary<T, SplitPart> parts, T key, string spoken)
                where T : notnull
            {
                if (!parts.TryAdd(key, here) && parts[key] != here)
                {
                    throw table.Fault(
                        row,
                        $"puts {spoken} into {Word(here)}, and an earlier line into {Word(parts[key])}",
                        "Keep all patches of a patient or slide in one part"
                    );
                }
            }
        }

        return new PatchSplit(shares, given);
    }

    /// <summary>Whether a part should hold patches.</summary>
    public bool Wants(SplitPart part) => _given?.Patches.ContainsValue(part) ?? _shares.Of(part) > 0;

    /// <summary>
    /// What splits.csv calls a patch: its id, relative to the task's folder (or the folder of its file), so that it is known again when that folder
    /// has moved. In an HDF5 file FILE#index, on a slide SLIDE@x,y.
    /// </summary>
    /// <param name="task">The patch's task.</param>
    /// <param name="id">The patch's id.</param>
    internal static string FileOf(TaskSource task, string id)
    {
        var location = Path.TrimEndingDirectorySeparator(task.Location);
        var folder = File.Exists(location) ? Path.GetDirectoryName(location)! : location;
        var start = folder + Path.DirectorySeparatorChar;
        var file =
            Path.IsPathFullyQualified(id)
                ? Path.GetRelativePath(Path.GetFullPath(folder, Environment.CurrentDirectory), id)
            : id.StartsWith(start, StringComparison.Ordinal) ? id[start.Length..]
            : id;
        return file.Replace(Path.DirectorySeparatorChar, '/');
    }

    /// <summary>The part of each group.</summary>
    /// <param name="patches">The patches.</param>
    /// <param name="seed">Orders groups of one size.</param>
    /// <exception cref="InputException">The given file has the patches of one group in two parts.</exception>
    internal IReadOnlyDictionary<string, SplitPart> Deal(IEnumerable<SplitPatch> patches, Seed seed)
    {
        var all = patches.ToList();
        var known = _given?.PartsOf(all) ?? new Dictionary<string, SplitPart>(StringComparer.Ordinal);
        var rest = GroupSplitter.Deal(
            all.Where(patch => !known.ContainsKey(patch.Group))
                .Select(patch => (patch.Group, $"{patch.Task}/{patch.Class}")),
            _shares,
            seed
        );
        return known.Concat(rest).ToDictionary(one => one.Key, one => one.Value, StringComparer.Ordinal);
    }

    private static string Word(SplitPart part) => TrainingFiles.Name(part);

    private sealed class Given(string path)
    {
        public Dictionary<string, SplitPart> Groups { get; } = new(StringComparer.Ordinal);

        public Dictionary<(string Task, string File), SplitPart> Patches { get; } = [];

        public Dictionary<string, SplitPart?> Files { get; } = new(StringComparer.Ordinal);

        public Dictionary<string, SplitPart> PartsOf(IReadOnlyList<SplitPatch> patches)
        {
            var known = new Dictionary<string, SplitPart>(StringComparer.Ordinal);
            foreach (var patch in patches)
            {
                if (Groups.TryGetValue(patch.Group, out var ofGroup))
                    Settle(patch, ofGroup);
                if (Patches.TryGetValue((patch.Task, patch.File), out var ofPatch))
                    Settle(patch, ofPatch);
            }

            var tasks = Patches.Keys.Select(key => key.Task).ToHashSet(StringComparer.Ordinal);
            foreach (var patch in patches.Where(patch => !tasks.Contains(patch.Task)))
            {
                if (!known.ContainsKey(patch.Group) && Files.GetValueOrDefault(patch.File) is { } ofFile)
                    known.Add(patch.Group, ofFile);
            }

            return known;

            void Settle(SplitPatch patch, SplitPart part)
            {
                if (!known.TryAdd(patch.Group, part) && known[patch.Group] != part)
                {
                    throw new InputException(
                        path,
                        $"has patches of {patch.Group} in two parts, {Word(known[patch.Group])} and {Word(part)} ({patch.File})",
                        "Use the rule for groups that the split was made with, or split anew"
                    );
                }
            }
        }
    }
}
