using System.Text.Json.Nodes;
using Histonic.Slides.Reading;

namespace Histonic.Slides.Synthetic;

/// <summary>Makes labelled patches of 128 px at 0.5 µm/px for four tasks, cut from many small slides of their own.</summary>
/// <remarks>
/// The folder gets TASK/CLASS/SLIDE_N.png, so that the part before the first underscore tells which patches share a slide, and
/// patches.json. Classes are of local structure: see docs/synthetic.md.
/// </remarks>
public static class SyntheticPatches
{
    // Fixed, so that what is made does not depend on the number of threads.
    private const int SlidesAtOnce = 16;
    private const int GeneratorVersion = 1;

    /// <summary>Gets each task's classes.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> Tasks { get; } =
        new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal)
        {
            ["mitosis"] = ["lookalike", "mitosis"],
            ["tumour"] = ["normal", "tumour"],
            ["epithelium"] = ["epithelium", "stroma"],
            ["tissue"] = ["background", "desmoplastic", "gland", "lymphoid", "normal", "stroma", "tumour"],
        };

    /// <summary>Writes patches until every class of every task has its number.</summary>
    /// <param name="folder">A new or empty folder, or one that holds part of the same patches.</param>
    /// <param name="options">How many, and how varied.</param>
    /// <param name="seed">Where all of it comes from.</param>
    /// <param name="monitor">Told how many patches there are.</param>
    /// <param name="cancellationToken">Stops it; the same call goes on from there.</param>
    /// <returns>The number of patches.</returns>
    /// <exception cref="OptionException">An option cannot work.</exception>
    /// <exception cref="InputException">The folder holds something else, or cannot be written.</exception>
    public static int Write(
        string folder,
        PatchSetOptions options,
        Seed seed,
        IWorkMonitor monitor,
        CancellationToken cancellationToken = default
    )
    {
        options = options.Validated();
        var identity = new JsonObject
        {
            ["generator"] = GeneratorVersion,
            ["seed"] = seed.Value,
            ["per_class"] = options.PerClass,
            ["per_slide"] = options.PerSlide,
            ["nuisance"] = options.Nuisance,
        };
        // sets made before there were laboratories stay what they are
        if (options.Laboratories)
            identity["laboratories"] = true;
        var account = new JsonObject
        {
            ["mpp"] = CohortOptions.PixelSize.Value,
            ["histonic_version"] = ProductVersion.Current,
        };
        SyntheticFolder.Open(folder, "patches.json", identity, account);

        var missing = Tasks
            .SelectMany(task => task.Value.Select(name => new PatchClass(task.Key, name)))
            .ToDictionary(name => name, _ => options.PerClass);
        var total = missing.Count * options.PerClass;
        var parallel = new ParallelOptions
        {
            MaxDegreeOfParallelism = options.Threads,
            CancellationToken = cancellationToken,
        };
        for (int first = 0, done = 0; done < total; first += SlidesAtOnce)
        {
            var wanted = missing.Where(entry => entry.Value > 0).Select(entry => entry.Key).ToHashSet();
            SlideLook? laboratory = null;
            if (options.Laboratories)
            {
                // one task after the other, each on slides of its own
                var task = Tasks.Keys.First(name =>
                    wanted.Any(one => string.Equals(one.Task, name, StringComparison.Ordinal))
                );
                wanted.RemoveWhere(one => !string.Equals(one.Task, task, StringComparison.Ordinal));
                laboratory = SlideLook.Draw(seed.For($"laboratory {task}"), options.Nuisance);
            }

            var found = new IReadOnlyList<LabelledPatch>[SlidesAtOnce];
            Parallel.For(
                0,
                SlidesAtOnce,
                parallel,
                i => found[i] = PatchCutter.Cut(first + i, wanted, options, laboratory, seed, cancellationToken)
            );
            var kept = new List<LabelledPatch>();
            foreach (var patch in found.SelectMany(patches => patches))
            {
                if (missing[patch.Class] == 0)
                    continue;
                missing[patch.Class]--;
                kept.Add(patch);
            }

            Save(folder, kept, parallel);
            done += kept.Count;
            monitor.Report(new WorkProgress("synth patches", done, total, "patches"));
        }

        return total;
    }

    private static void Save(string folder, List<LabelledPatch> patches, ParallelOptions parallel)
    {
        try
        {
            Parallel.ForEach(
                patches,
                parallel,
                patch =>
                {
                    var path = Path.Combine(folder, patch.Class.Task, patch.Class.Name, $"{patch.Name}.png");
                    if (!File.Exists(path))
                        PictureFile.WritePng(
                            path,
                            new RgbImage(PatchSetOptions.PatchSize, PatchSetOptions.PatchSize, patch.Rgb)
                        );
                }
            );
        }
        catch (AggregateException errors)
            when (errors.InnerExceptions.OfType<InputException>().FirstOrDefault() is { } first)
        {
            throw new InputException(first.Subject, first.Finding, first.Remedy, errors);
        }
    }
}
