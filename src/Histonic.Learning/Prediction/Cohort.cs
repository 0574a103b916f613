using Histonic.Slides;
using Histonic.Slides.Cohorts;
using Histonic.Slides.Grids;

namespace Histonic.Learning.Prediction;

/// <summary>The slides of a study with their truths: at least one of each slide known, all from one encoder, at least one with tissue.</summary>
public sealed class Cohort
{
    private Cohort(IReadOnlyList<CohortTarget> targets, IReadOnlyList<LabelledSlide> slides) =>
        (Targets, Slides) = (targets, slides);

    /// <summary>Gets what is predicted, in the order of the truths of a slide.</summary>
    public IReadOnlyList<CohortTarget> Targets { get; }

    /// <summary>Gets the slides, in the order of their names.</summary>
    public IReadOnlyList<LabelledSlide> Slides { get; }

    /// <summary>Gets the length C of an embedding.</summary>
    public int Channels => Slides[0].Grid.Channels;

    /// <summary>Gets the encoder all slides were compressed with.</summary>
    public (string Name, string Sha256) Encoder => (Slides[0].Grid.Encoder, Slides[0].Grid.EncoderSha256);

    /// <summary>Reads the compressed slides of a label table.</summary>
    /// <param name="labels">The labels.</param>
    /// <param name="targets">What is predicted; slides of which no truth is known are not read.</param>
    /// <param name="features">The compressed slides; those without a label are passed over.</param>
    /// <param name="cache">Keeps embeddings in memory; what it has no room for is read again when it is needed.</param>
    /// <param name="skipUnknown">Whether labelled slides that are not in the folder are left out, with a warning, instead of refused.</param>
    /// <param name="monitor">Told how far it is.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="InputException">A labelled slide is not in the folder, a file is damaged, or the cohort cannot be learnt from.</exception>
    public static Cohort Read(
        LabelTable labels,
        IReadOnlyList<TargetSpec> targets,
        FeatureFolder features,
        EmbeddingCache cache,
        bool skipUnknown,
        IWorkMonitor monitor,
        CancellationToken cancellationToken
    )
    {
        var known = Truths(labels, targets).ToArray();
        var absent = known.Select(truths => truths[0]).Where(truth => !features.Contains(truth.Slide)).ToArray();
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
        var present = known.Where(truths => features.Contains(truths[0].Slide)).ToArray();
        List<LabelledSlide> slides = [];
        foreach (var truths in present)
        {
            cancellationToken.ThrowIfCancellationRequested();
            monitor.Report(new WorkProgress("read features", slides.Count, present.Length, "slides"));
            var grid = features.Grid(truths[0].Slide, cache);
            _ = grid.Embeddings(); // a damaged file is told of now, and what fits is read but once
            slides.Add(new LabelledSlide(grid, truths));
        }

        return Of(targets, slides, labels.Path, monitor);
    }

    /// <summary>The truths of each slide of a label table of which any is known, one for each target.</summary>
    internal static IEnumerable<IReadOnlyList<Truth>> Truths(LabelTable labels, IReadOnlyList<TargetSpec> targets)
    {
        var columns = targets.Select(labels.Truths).ToArray();
        return Enumerable
            .Range(0, labels.Slides.Count)
            .Select(i => (IReadOnlyList<Truth>)[.. columns.Select(truths => truths[i])])
            .Where(truths => truths.Any(truth => truth.IsKnown));
    }

    /// <summary>Brings slides and targets together.</summary>
    /// <param name="targets">What is predicted.</param>
    /// <param name="slides">The slides, each with a truth for every target; those of which none is known are left out.</param>
    /// <param name="source">Where the labels stand, for messages.</param>
    /// <param name="monitor">Told of slides without tissue, which are left out.</param>
    /// <exception cref="InputException">
    /// No slide is left, encoders are mixed, or a target does not differ: one class only, one value only, no event.
    /// </exception>
    public static Cohort Of(
        IReadOnlyList<TargetSpec> targets,
        IEnumerable<LabelledSlide> slides,
        string source,
        IWorkMonitor monitor
    )
    {
        List<LabelledSlide> kept = [];
        foreach (var slide in slides.Where(slide => slide.IsKnown))
        {
            if (slide.Grid.Cells.Count == 0)
                monitor.Warn($"{slide.Grid.Slide}: has no tissue; left out");
            else
                kept.Add(slide);
        }

        kept.Sort((a, b) => string.CompareOrdinal(a.Grid.Slide, b.Grid.Slide));
        CohortTarget[] found =
        [
            .. targets.Select(
                (target, t) =>
                    CohortTarget.Of(
                        target,
                        [.. kept.Select(slide => slide.Truths[t]).Where(truth => truth.IsKnown)],
                        source
                    )
            ),
        ];
        SameEncoder([.. kept.Select(slide => slide.Grid)]);
        return new Cohort(found, kept);
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
