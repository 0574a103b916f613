using Histonic.Slides;

namespace Histonic.Learning.Encoders.Training.Data;

/// <summary>Reads tasks: looks at every patch once, and splits by patient or slide across all tasks.</summary>
public static class PatchTaskReader
{
    /// <summary>Opens a task's source, by what its location is.</summary>
    /// <exception cref="InputException">It is missing or of no known layout.</exception>
    public static IPatchSource Open(TaskSource task, GroupRule rule) => new FolderPatches(task, rule);

    /// <summary>Reads tasks.</summary>
    /// <param name="tasks">Where they lie. Their sources stay open as long as their patches are used; the caller disposes them.</param>
    /// <param name="rule">Finds a patch's patient or slide.</param>
    /// <param name="split">How much goes to which part, or who.</param>
    /// <param name="seed">Decides who goes where.</param>
    /// <param name="pixels">Receives the decoded pictures, as far as they fit.</param>
    /// <param name="monitor">Told of broken pictures and of what cannot be split as wanted.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="InputException">A source is missing or holds fewer than two classes, or a class has nothing to train on.</exception>
    public static PatchTasks Read(
        IReadOnlyList<TaskSource> tasks,
        GroupRule rule,
        PatchSplit split,
        Seed seed,
        PatchPixels pixels,
        IWorkMonitor monitor,
        CancellationToken cancellationToken
    )
    {
        var sources = new List<IPatchSource>();
        try
        {
            foreach (var task in tasks)
                sources.Add(Open(task, rule));
            var broken = pixels.Read(
                [.. sources.SelectMany(source => source.Patches.Select(entry => (source, entry)))],
                monitor,
                cancellationToken
            );
            var whole = sources
                .Select(source => source.Patches.Where(entry => !broken.Contains(entry.Id)).ToList())
                .ToList();
            var parts = split.Deal(
                tasks
                    .Zip(sources, whole)
                    .SelectMany(one =>
                        one.Third.Select(entry =>
                            (entry.Group ?? entry.Id, $"{one.First.Name}/{one.Second.Classes[entry.Class]}")
                        )
                    ),
                seed
            );
            List<PatchTask> read =
            [
                .. tasks
                    .Zip(sources, whole)
                    .Select(one => new PatchTask(
                        one.First,
                        one.Second.Classes,
                        [
                            .. one.Third.Select(entry =>
                            {
                                var group = entry.Group ?? entry.Id;
                                return new PatchSample(one.Second, entry, group, parts[group]);
                            }),
                        ],
                        [.. one.Second.Patches.Where(entry => broken.Contains(entry.Id)).Select(entry => entry.Id)],
                        one.Third.Count(entry => entry.Group is null)
                    )),
            ];
            foreach (var task in read)
                Check(task, split, monitor);
            return new PatchTasks(read, sources);
        }
        catch
        {
            foreach (var source in sources)
                source.Dispose();
            throw;
        }
    }

    private static void Check(PatchTask task, PatchSplit split, IWorkMonitor monitor)
    {
        for (var label = 0; label < task.Classes.Count; label++)
        {
            foreach (var part in Enum.GetValues<SplitPart>())
            {
                if (!split.Wants(part) || task.Of(part).Any(sample => sample.Class == label))
                    continue;
                var name = $"{task.Options.Location}, class {task.Classes[label]}";
                if (part == SplitPart.Train)
                {
                    throw new InputException(
                        name,
                        "has no readable patch left to train on",
                        "Add patches, or take the class away"
                    );
                }

                monitor.Warn(
                    $"{name}: nothing of it is left for {part}: too few patients or slides; figures leave this class out"
                );
            }
        }

        foreach (var part in new[] { SplitPart.Validation, SplitPart.Test })
        {
            if (task.GroupsOf(part) is var groups and > 0 and < PatchTask.FewGroups)
            {
                monitor.Warn(
                    $"{task.Options.Location}: its {part} patches come from {groups} patients or slides only; "
                        + "their figures and intervals say little"
                );
            }
        }

        if (task.Ungrouped > 0)
        {
            monitor.Warn(
                $"{task.Options.Location}: {task.Ungrouped} of {task.Samples.Count} patches tell no patient or slide; "
                    + "each was taken for one of its own, so the figures may be too good. --group-regex can tell"
            );
        }
    }
}
