using Histonic.Slides;

namespace Histonic.Learning.Encoders.Training.Data;

/// <summary>Reads tasks from folders: looks at every picture once, and splits by patient or slide across all tasks.</summary>
public static class PatchTaskReader
{
    private static readonly string[] _extensions = [".jpg", ".jpeg", ".png", ".tif", ".tiff", ".bmp"];

    /// <summary>Reads tasks.</summary>
    /// <param name="sources">Where they lie.</param>
    /// <param name="rule">Finds a patch's patient or slide.</param>
    /// <param name="shares">How much goes to which part.</param>
    /// <param name="seed">Decides who goes where.</param>
    /// <param name="pixels">Receives the decoded pictures, as far as they fit.</param>
    /// <param name="monitor">Told of broken pictures and of what cannot be split as wanted.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="InputException">A folder is missing or holds fewer than two classes, or a class has nothing to train on.</exception>
    public static IReadOnlyList<PatchTask> Read(
        IReadOnlyList<TaskSource> sources,
        GroupRule rule,
        SplitShares shares,
        Seed seed,
        PatchPixels pixels,
        IWorkMonitor monitor,
        CancellationToken cancellationToken
    )
    {
        var found = sources.Select(source => Find(source, rule)).ToList();
        foreach (var set in found)
            pixels.Add(set.Source, [.. set.Files.Select(file => file.Path)]);
        var broken = pixels.Decode(monitor, cancellationToken);
        var whole = found
            .Select(set => set with { Files = [.. set.Files.Where(file => !broken.Contains(file.Path))] })
            .ToList();
        var parts = GroupSplitter.Deal(
            whole.SelectMany(set =>
                set.Files.Select(file => (file.Group ?? file.Path, $"{set.Source.Name}/{set.Classes[file.Class]}"))
            ),
            shares,
            seed
        );

        return
        [
            .. whole.Zip(
                found,
                (set, all) =>
                {
                    var task = new PatchTask(
                        set.Source,
                        set.Classes,
                        [
                            .. set.Files.Select(file =>
                            {
                                var group = file.Group ?? file.Path;
                                return new PatchSample(file.Path, file.Class, group, parts[group]);
                            }),
                        ],
                        [.. all.Files.Where(file => broken.Contains(file.Path)).Select(file => file.Path)],
                        set.Files.Count(file => file.Group is null)
                    );
                    Check(task, shares, monitor);
                    return task;
                }
            ),
        ];
    }

    private static Found Find(TaskSource source, GroupRule rule)
    {
        if (!Directory.Exists(source.Folder))
            throw new InputException(source.Folder, "there is no such folder", $"Check --task {source.Name}=…");
        var folders = Directory.GetDirectories(source.Folder).Order(StringComparer.Ordinal).ToList();
        var classes = folders.Select(folder => Path.GetFileName(folder)!).ToList();
        if (classes.Count < 2)
        {
            throw new InputException(
                source.Folder,
                $"has {classes.Count} folders inside, and a task needs one for each of two or more classes",
                "Put the patches of each class into a folder of its own"
            );
        }

        var files = folders
            .SelectMany(
                (folder, label) =>
                    Directory
                        .EnumerateFiles(folder, "*", SearchOption.AllDirectories)
                        .Where(path => _extensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase))
                        .Order(StringComparer.Ordinal)
                        .Select(path => new FoundFile(path, label, rule.GroupOf(path)))
            )
            .ToList();
        return new Found(source, classes, files);
    }

    private static void Check(PatchTask task, SplitShares shares, IWorkMonitor monitor)
    {
        for (var label = 0; label < task.Classes.Count; label++)
        {
            foreach (var part in Enum.GetValues<SplitPart>())
            {
                if (shares.Of(part) == 0 || task.Of(part).Any(sample => sample.Class == label))
                    continue;
                var folder = Path.Combine(task.Source.Folder, task.Classes[label]);
                if (part == SplitPart.Train)
                {
                    throw new InputException(
                        folder,
                        "has no readable picture left to train on",
                        "Add pictures (jpg, png, tif), or take the folder away"
                    );
                }

                monitor.Warn(
                    $"{folder}: nothing of it is left for {part}: too few patients or slides; figures leave this class out"
                );
            }
        }

        foreach (var part in new[] { SplitPart.Validation, SplitPart.Test })
        {
            if (task.GroupsOf(part) is var groups and > 0 and < PatchTask.FewGroups)
            {
                monitor.Warn(
                    $"{task.Source.Folder}: its {part} patches come from {groups} patients or slides only; "
                        + "their figures and intervals say little"
                );
            }
        }

        if (task.Ungrouped > 0)
        {
            monitor.Warn(
                $"{task.Source.Folder}: the names of {task.Ungrouped} of {task.Samples.Count} patches tell no patient or slide; "
                    + "each was taken for one of its own, so the figures may be too good. --group-regex can tell"
            );
        }
    }

    private sealed record FoundFile(string Path, int Class, string? Group);

    private sealed record Found(TaskSource Source, IReadOnlyList<string> Classes, IReadOnlyList<FoundFile> Files);
}
