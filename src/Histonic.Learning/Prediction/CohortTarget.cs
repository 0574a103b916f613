using Histonic.Slides;
using Histonic.Slides.Cohorts;

namespace Histonic.Learning.Prediction;

/// <summary>What is predicted of a cohort.</summary>
/// <param name="Spec">The target.</param>
/// <param name="Classes">The classes of a classification, in their order; else empty.</param>
public sealed record CohortTarget(TargetSpec Spec, IReadOnlyList<string> Classes)
{
    /// <summary>A target that can be learnt from these truths.</summary>
    /// <param name="target">The target.</param>
    /// <param name="truths">The truths that are known.</param>
    /// <param name="source">Where they stand, for messages.</param>
    /// <exception cref="InputException">There is none, or they do not differ: one class only, one value only, no event.</exception>
    public static CohortTarget Of(TargetSpec target, IReadOnlyList<Truth> truths, string source)
    {
        var columns = string.Join(" and ", target.Columns);
        if (truths.Count == 0)
            throw new InputException(
                source,
                $"no slide has a known {columns}",
                "Fill the column for some of the slides"
            );
        var classes = LabelTable.ClassesOf(truths);
        var (finding, remedy) = target switch
        {
            TargetSpec.Classification when classes.Count == 1 => (
                $"column {columns} has one class only, {classes[0]}",
                "A classification needs at least two"
            ),
            TargetSpec.Classification when classes.Count > 20 && classes.Count * 2 > truths.Count => (
                $"column {columns} has {classes.Count} classes for {truths.Count} slides",
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
        return finding.Length == 0
            ? new CohortTarget(target, classes)
            : throw new InputException(source, finding, remedy);
    }
}
