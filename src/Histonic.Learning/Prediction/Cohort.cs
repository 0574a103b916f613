using Histonic.Slides;
using Histonic.Slides.Cohorts;
using Histonic.Slides.Grids;

namespace Histonic.Learning.Prediction;

/// <summary>The slides of a study with their truths: all known, all from one encoder, at least one with tissue.</summary>
public sealed class Cohort
{
    private Cohort(TargetSpec target, IReadOnlyList<string> classes, IReadOnlyList<LabelledSlide> slides) =>
        (Target, Classes, Slides) = (target, classes, slides);

    /// <summary>Gets what is predicted.</summary>
    public TargetSpec Target { get; }

    /// <summary>Gets the classes of a classification, in their order; else empty.</summary>
    public IReadOnlyList<string> Classes { get; }

    /// <summary>Gets the slides, in the order of their names.</summary>
    public IReadOnlyList<LabelledSlide> Slides { get; }

    /// <summary>Gets the length C of an embedding.</summary>
    public int Channels => Slides[0].Grid.Channels;

    /// <summary>Gets the encoder all slides were compressed with.</summary>
    public (string Name, string Sha256) Encoder => (Slides[0].Grid.Encoder, Slides[0].Grid.EncoderSha256);

    /// <summary>Reads the compressed slides of a label table.</summary>
    /// <param name="labels">The labels.</param>
    /// <param name="target">What is predicted; slides whose truth is not known are not read.</param>
    /// <param name="features">The compressed slides; those without a label are passed over.</param>
    /// <param name="cache">Keeps embeddings in memory; what it has no room for is read again when it is needed.</param>
    /// <param name="skipUnknown">Whether labelled slides that are not in the folder are left out, with a warning, instead of refused.</param>
    /// <param name="monitor">Told how far it is.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="InputException">A labelled slide is not in the folder, a file is damaged, or the cohort cannot be learnt from.</exception>
    public static Cohort Read(
        LabelTable labels,
        TargetSpec target,
        FeatureFolder features,
        EmbeddingCache cache,
        bool skipUnknown,
        IWorkMonitor monitor,
        CancellationToken cancellationToken
    )
    {
        var known = labels.Truths(target).Where(truth => truth.IsKnown).ToArray();
        var absent = known.Where(truth => !features.Contains(truth.Slide)).ToArray();
        const int Shown = 5;
        var named = string.Join(", ", absent.Take(Shown).Select(truth => $"{truth.Slide} (line {truth.Line})"));
        if (absent.Length > Shown)
            named += $" and {absent.Length - Shown} more";
        if (absent.Length > 0 && !skipUnknown)
            throw new InputException(
                labels.Path,
                $"names slides that are not in {features.Folder}: {named}",
                "Compress them, mend the names, take the lines out, or give --skip-unknown"
            );
        if (absent.Length > 0)
            monitor.Warn($"{labels.Path}: left out, not in {features.Folder}: {named}");
        var present = known.Where(truth => features.Contains(truth.Slide)).ToArray();
        List<LabelledSlide> slides = [];
        foreach (var truth in present)
        {
            cancellationToken.ThrowIfCancellationRequested();
            monitor.Report(new WorkProgress("read features", slides.Count, present.Length, "slides"));
            var grid = features.Grid(truth.Slide, cache);
            _ = grid.Embeddings(); // a damaged file is told of now, and what fits is read but once
            slides.Add(new LabelledSlide(grid, truth));
        }

        return Of(target, slides, labels.Path, monitor);
    }

    /// <summary>Brings slides and target together.</summary>
    /// <param name="target">What is predicted.</param>
    /// <param name="slides">The slides; those whose truth is not known are left out.</param>
    /// <param name="source">Where the labels stand, for messages.</param>
    /// <param name="monitor">Told of slides without tissue, which are left out.</param>
    /// <exception cref="InputException">
    /// No slide is left, encoders are mixed, or the target does not differ: one class only, one value only, no event.
    /// </exception>
    public static Cohort Of(TargetSpec target, IEnumerable<LabelledSlide> slides, string source, IWorkMonitor monitor)
    {
        List<LabelledSlide> kept = [];
        foreach (var slide in slides.Where(slide => slide.Truth.IsKnown))
        {
            if (slide.Grid.Cells.Count == 0)
                monitor.Warn($"{slide.Grid.Slide}: has no tissue; left out");
            else
                kept.Add(slide);
        }

        kept.Sort((a, b) => string.CompareOrdinal(a.Grid.Slide, b.Grid.Slide));
        var columns = string.Join(" and ", target.Columns);
        if (kept.Count == 0)
            throw new InputException(
                source,
                $"no slide has a known {columns}",
                "Fill the column for some of the slides"
            );
        SameEncoder([.. kept.Select(slide => slide.Grid)]);
        var truths = kept.ConvertAll(slide => slide.Truth);
        var classes = LabelTable.ClassesOf(truths);
        var (finding, remedy) = target switch
        {
            TargetSpec.Classification when classes.Count == 1 => (
                $"column {columns} has one class only, {classes[0]}",
                "A classification needs at least two"
            ),
            TargetSpec.Classification when classes.Count > 20 && classes.Count * 2 > kept.Count => (
                $"column {columns} has {classes.Count} classes for {kept.Count} slides",
                "Give --task regression if it holds numbers"
            ),
            TargetSpec.Regression when truths.DistinctBy(truth => truth.Value).Count() == 1 => (
                $"column {columns} has the same value on every line",
                "A regression needs values that differ"
            ),
            TargetSpec.Survival when truths.All(truth => truth.Event == false) => (
                $"column {target.Columns[1]} has no event on any line",
                "A survival target needs some patients whose event was seen"
            ),
            _ => ("", ""),
        };
        if (finding.Length > 0)
            throw new InputException(source, finding, remedy);
        return new Cohort(target, classes, kept);
    }

    /// <summary>Refuses compressed slides of different encoders, by name.</summary>
    /// <exception cref="InputException">Two differ in encoder or length of embedding.</exception>
    internal static void SameEncoder(IReadOnlyList<SlideGrid> slides)
    {
        var first = slides[0];
        var other = slides.FirstOrDefault(slide => !slide.IsOf(first.Encoder, first.EncoderSha256, first.Channels));
        if (other is not null)
            throw new InputException(
                $"{other.Slide} and {first.Slide}",
                $"were compressed by different encoders ({Describe(other)} and {Describe(first)})",
                "Compress all slides of a study with one encoder, into a folder of its own"
            );
    }

    internal static string Describe(SlideGrid slide) =>
        $"{(slide.Encoder.Length > 0 ? slide.Encoder : "unnamed")}, {slide.Channels} channels"
        + (slide.EncoderSha256.Length > 8 ? $", SHA-256 {slide.EncoderSha256[..8]}…" : "");
}
