using Histonic.Slides;
using Histonic.Slides.Annotations;
using Histonic.Slides.Cohorts;
using Histonic.Slides.Tiling;
using Histonic.Slides.Tissue;

namespace Histonic.Learning.Encoders.Training.Data;

/// <summary>Patches cut from annotated slides while they are needed.</summary>
internal sealed class SlidePatches : IPatchSource
{
    /// <summary>How much larger than the encoder's patch is what is read: so much lies around it for crops, scaling and distortion.</summary>
    private const double Margin = 1.25;

    private readonly OpenSlides _slides;
    private readonly Dictionary<string, SlidePlace> _places = new(StringComparer.Ordinal);

    /// <summary>Finds the patches of all slides.</summary>
    /// <param name="task">The task; its location is a slide or a folder of slides. Its pixel size, where given, is every slide's.</param>
    /// <param name="rule">Finds a slide's patient in its name; where it finds none, the slide is a group of its own.</param>
    /// <param name="scale">The scale the patches are wanted at: it makes the lattice.</param>
    /// <param name="monitor">Warned of slides, annotation files and annotations that are left out.</param>
    /// <exception cref="InputException">No slide can be used, one does not tell its pixel size, or two have one name.</exception>
    public SlidePatches(TaskSource task, GroupRule rule, PatchScale scale, IWorkMonitor monitor)
    {
        Location = task.Location;
        _slides = new OpenSlides(task.PixelSize);
        try
        {
            var paths = Paths(task);
            WarnOfOrphans(task.Annotations!, paths, monitor);
            var found = new List<(string Id, string Class, string Group, Microns PixelSize)>();
            var unscaled = new List<string>();
            foreach (var path in paths)
            {
                try
                {
                    if (Annotations(task, path, monitor) is not { } annotations)
                        continue;
                    if (_slides.With(path, slide => slide.PixelSize) is not { } pixelSize)
                    {
                        unscaled.Add(path);
                        continue;
                    }

                    var (name, group) = (Path.GetFileNameWithoutExtension(path), rule.GroupOf(path));
                    foreach (var (middle, corner, label) in Find(path, annotations, scale, task.Rest))
                    {
                        var id = $"{name}@{corner}";
                        _places.Add(id, new SlidePlace(path, middle.X, middle.Y));
                        found.Add((id, label, group ?? name, pixelSize.Value));
                    }
                }
                catch (InputException error)
                {
                    monitor.Warn($"{error.Subject}: {error.Finding}; the slide is left out");
                }
            }

            if (unscaled.Count > 0)
            {
                throw new InputException(
                    unscaled[0],
                    "does not tell its pixel size"
                        + (unscaled.Count > 1 ? $", nor do {unscaled.Count - 1} others" : ""),
                    $"Give task {task.Name} an mpp (µm per pixel of the finest level), which then holds for all its slides"
                );
            }

            if (found.Count == 0)
            {
                throw new InputException(
                    Location,
                    $"no patch was found on its {paths.Count} slides",
                    "The warnings say why; an annotation file is called as its slide: SLIDE.xml or SLIDE.geojson"
                );
            }

            Classes =
            [
                .. found.Select(one => one.Class).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal),
            ];
            var numbers = Classes.Index().ToDictionary(one => one.Item, one => one.Index, StringComparer.Ordinal);
            Patches = [.. found.Select(one => new PatchEntry(one.Id, numbers[one.Class], one.Group, one.PixelSize))];
        }
        catch
        {
            _slides.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public string Location { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> Classes { get; }

    /// <inheritdoc/>
    public IReadOnlyList<PatchEntry> Patches { get; }

    /// <inheritdoc/>
    public SourcePatch Read(PatchEntry patch, PatchScale scale)
    {
        var place = _places[patch.Id];
        var side = (int)Math.Ceiling(scale.PatchSize * Margin / 2) * 2;
        var picture = _slides.With(
            place.Slide,
            slide => SquareReader.Read(slide, GridGeometry.For(slide, Tiling(scale)), place.X, place.Y, side)
        );
        return new SourcePatch(picture, 1);
    }

    /// <inheritdoc/>
    public void Dispose() => _slides.Dispose();

    private static TilingOptions Tiling(PatchScale scale) =>
        new()
        {
            PatchSize = scale.PatchSize,
            Stride = scale.PatchSize,
            PixelSize = scale.PixelSize,
        };

    private static List<string> Paths(TaskSource task)
    {
        if (File.Exists(task.Location))
            return [task.Location];
        foreach (var folder in new[] { task.Location, task.Annotations! })
        {
            if (!Directory.Exists(folder))
                throw new InputException(folder, "there is no such folder", $"Check the paths of task {task.Name}");
        }

        var paths = SlideFolder.Files(task.Location, nested: false).ToList();
        var twice = paths
            .GroupBy(Path.GetFileNameWithoutExtension, StringComparer.Ordinal)
            .FirstOrDefault(name => name.Count() > 1);
        return twice is null
            ? paths
            : throw new InputException(
                twice.ElementAt(1),
                $"has the name of {Path.GetFileName(twice.First())}, and annotations are found by it",
                "Move one of them elsewhere"
            );
    }

    /// <summary>Tells of annotation files whose slide is missing, or is of a format that is not read.</summary>
    private static void WarnOfOrphans(string folder, List<string> slides, IWorkMonitor monitor)
    {
        var names = slides.Select(path => Path.GetFileNameWithoutExtension(path)).ToHashSet(StringComparer.Ordinal);
        if (slides.Count == 1 || !Directory.Exists(folder))
            return;
        foreach (var path in VisibleEntries.Files(folder))
        {
            if (
                AnnotationFile.Extensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase)
                && !names.Contains(Path.GetFileNameWithoutExtension(path))
            )
                monitor.Warn($"{path}: annotations of a slide that is not there; left out");
        }
    }

    private static SlideAnnotations? Annotations(TaskSource task, string slide, IWorkMonitor monitor)
    {
        var name = Path.GetFileNameWithoutExtension(slide);
        if (AnnotationFile.Of(task.Annotations!, name) is not { } path)
        {
            monitor.Warn($"{slide}: there are no annotations {name}.xml or {name}.geojson; the slide is left out");
            return null;
        }

        var annotations = AnnotationFile.Read(path);
        if (annotations.LeftOut.Count > 0)
            monitor.Warn($"{path}: annotations left out: {string.Join(", ", annotations.LeftOut)}");
        return annotations;
    }

    private IReadOnlyList<(SlidePoint Middle, string Corner, string Class)> Find(
        string path,
        SlideAnnotations annotations,
        PatchScale scale,
        string? rest
    ) =>
        _slides.With(
            path,
            slide =>
                AnnotatedLattice.Find(
                    annotations.FromCorner(slide.BoundsCorner),
                    GridGeometry.For(slide, Tiling(scale)),
                    rest,
                    () => TissueDetector.Detect(slide, new TissueOptions())
                )
        );
}
