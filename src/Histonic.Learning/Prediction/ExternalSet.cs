using Histonic.Slides;
using Histonic.Slides.Cohorts;
using Histonic.Slides.Grids;

namespace Histonic.Learning.Prediction;

/// <summary>Labelled slides of patients that a predictor was not trained on.</summary>
public sealed class ExternalSet
{
    private ExternalSet(FeatureFolder features, IReadOnlyList<IReadOnlyList<Truth>> truths, string source) =>
        (Features, Truths, Source) = (features, truths, source);

    /// <summary>Gets the compressed slides.</summary>
    public FeatureFolder Features { get; }

    /// <summary>Gets the truths of the slides that are there, one for each target and any of them known, in the order of the table.</summary>
    public IReadOnlyList<IReadOnlyList<Truth>> Truths { get; }

    /// <summary>Gets the file of the labels.</summary>
    public string Source { get; }

    /// <summary>Opens a set, before anything is trained.</summary>
    /// <param name="features">The folder of compressed slides; null with no labels: there is no external set.</param>
    /// <param name="labels">The file of labels, with the columns of the cohort's.</param>
    /// <param name="cohort">What is trained on.</param>
    /// <param name="monitor">Told of labelled slides that are not in the folder.</param>
    /// <exception cref="OptionException">One of the two is missing.</exception>
    /// <exception cref="InputException">A patient or slide is in the cohort too, a class is not, or no slide is left.</exception>
    public static ExternalSet? Of(string? features, string? labels, Cohort cohort, IWorkMonitor monitor)
    {
        if (features is null && labels is null)
            return null;
        if (features is null)
            throw new OptionException("--external-features", null, "given with --external-labels");
        if (labels is null)
            throw new OptionException("--external-labels", null, "given with --external-features");
        var folder = FeatureFolder.Open(features);
        var known = Cohort.Truths(LabelTable.Read(labels), [.. cohort.Targets.Select(target => target.Spec)]).ToList();
        var truths = known.FindAll(slide => folder.Contains(slide[0].Slide));
        if (truths.Count < known.Count)
            monitor.Warn(
                $"{labels}: {known.Count - truths.Count} slides are not in {features}, such as {known.Except(truths).First()[0].Slide}; left out"
            );
        if (truths.Count == 0)
            throw new InputException(
                labels,
                $"names no slide that is in {features}",
                "Compress them, or mend the names"
            );
        var patients = cohort.Slides.Select(slide => slide.Truth.Patient).ToHashSet(StringComparer.Ordinal);
        var slides = cohort.Slides.Select(slide => slide.Truth.Slide).ToHashSet(StringComparer.Ordinal);
        var leaked = truths
            .Select(slide => slide[0])
            .FirstOrDefault(truth => patients.Contains(truth.Patient) || slides.Contains(truth.Slide));
        if (leaked is not null)
            throw new InputException(
                labels,
                $"has slide {leaked.Slide} of patient {leaked.Patient} (line {leaked.Line}), who is trained on too",
                "An external set holds other patients: take the line out, or name patients apart"
            );
        foreach (var (t, target) in cohort.Targets.Index())
        {
            var strange = truths
                .Select(slide => slide[t])
                .FirstOrDefault(truth =>
                    truth.Label is { } label && !target.Classes.Contains(label, StringComparer.Ordinal)
                );
            if (strange is not null)
                throw new InputException(
                    labels,
                    $"has class {strange.Label} (line {strange.Line}), which no slide trained on has",
                    $"Name classes as they are trained: {string.Join(", ", target.Classes)}"
                );
        }

        return new ExternalSet(folder, truths, labels);
    }
}
