using Histonic.Slides;

namespace Histonic.Learning.Encoders.Training.Data;

/// <summary>Reads tasks: looks at every patch once, and splits by patient or slide across all tasks.</summary>
public static class PatchTaskReader
{
    /// <summary>Opens a task's source, by what its location is.</summary>
    /// <param name="task">The task.</param>
    /// <param name="rule">Finds a patch's patient or slide.</param>
    /// <param name="scale">The scale the patches are wanted at; of annotated slides it says where patches lie.</param>
    /// <param name="monitor">Warned of what is left out.</param>
    /// <exception cref="InputException">It is missing or of no known layout.</exception>
    public static IPatchSource Open(TaskSource task, GroupRule rule, PatchScale scale, IWorkMonitor monitor)
    {
        var source = OpenAsItIs(task, rule, scale, monitor);
        return task.Classes.Count == 0 ? source : new RenamedPatches(source, task, monitor);
    }

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
            {
                sources.Add(Open(task, rule, pixels.Scale, monitor));
                CheckClasses(task, sources[^1]);
            }

            var broken = pixels.Read(
                [.. sources.SelectMany(source => source.Patches.Select(entry => (source, entry)))],
                monitor,
                cancellationToken
            );
            var whole = sources
                .Select(source => source.Patches.Where(entry => !broken.Contains((source, entry.Id))).ToList())
                .ToList();
            var parts = split.Deal(
                tasks
                    .Zip(sources, whole)
                    .SelectMany(one =>
                        one.Third.Select(entry => new SplitPatch(
                            one.First.Name,
                            PatchSplit.FileOf(one.First, entry.Id),
                            entry.Group ?? entry.Id,
                            one.Second.Classes[entry.Class]
                        ))
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
                        [
                            .. one
                                .Second.Patches.Where(entry => broken.Contains((one.Second, entry.Id)))
                                .Select(entry => entry.Id),
                        ],
                        one.Third.Count(entry => entry.Group is null)
                    )),
            ];
            foreach (var (task, source) in read.Zip(sources))
                Check(task, source, split, monitor);
            return new PatchTasks(read, sources);
        }
        catch
        {
            foreach (var source in sources)
                source.Dispose();
            throw;
        }
    }

    private static IPatchSource OpenAsItIs(TaskSource task, GroupRule rule, PatchScale scale, IWorkMonitor monitor)
    {
        if (task.Annotations is not null)
            return new SlidePatches(task, rule, scale, monitor);
        if (task.Rest is not null)
        {
            throw new InputException(
                task.Location,
                $"task {task.Name} has a rest ({task.Rest}) and no annotations",
                "Give the folder of the annotations, or take the rest away"
            );
        }

        if (!File.Exists(task.Location))
            return new FolderPatches(task, rule);
        return Path.GetExtension(task.Location).ToUpperInvariant() switch
        {
            ".CSV" or ".TSV" => new ManifestPatches(task, rule),
            ".H5" or ".HDF5" => new Hdf5Patches(task, monitor),
            _ => throw new InputException(
                task.Location,
                "is a file of no layout that is known",
                "Give a folder of pictures, a table (.csv), an HDF5 file (.h5), or with a slide the folder of its annotations"
            ),
        };
    }

    private static void CheckClasses(TaskSource task, IPatchSource source)
    {
        if (source.Classes.Count < 2)
        {
            throw new InputException(
                source.Location,
                $"has {source.Classes.Count} classes ({string.Join(", ", source.Classes)}), and a task needs two or more",
                $"Add patches of another class to task {task.Name}"
            );
        }

        if (task.ClassShares.Keys.Except(source.Classes, StringComparer.Ordinal).FirstOrDefault() is { } unknown)
        {
            throw new InputException(
                source.Location,
                $"has no class {unknown}, which the class shares of task {task.Name} name",
                $"Its classes are {string.Join(", ", source.Classes)}"
            );
        }
    }

    private static void Check(PatchTask task, IPatchSource source, PatchSplit split, IWorkMonitor monitor)
    {
        if (task.Broken.Count > 0)
        {
            monitor.Warn(
                $"{task.Options.Location}: {task.Broken.Count} of {source.Patches.Count} patches cannot be read and are left out"
            );
        }

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
                        task.Samples.Any(sample => sample.Class == label)
                            ? "has no patch to train on: all are held out"
                            : NothingReadable(source, label),
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

    private static string NothingReadable(IPatchSource source, int label)
    {
        var own = source.Patches.Where(entry => entry.Class == label).ToList();
        return own.Count == 0
            ? "has no patches"
            : $"none of its {own.Count} patches can be read (the first: {own[0].Id}); the warnings say why";
    }
}
