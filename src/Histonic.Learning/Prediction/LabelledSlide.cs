using Histonic.Slides.Cohorts;
using Histonic.Slides.Grids;

namespace Histonic.Learning.Prediction;

/// <summary>A compressed slide beside its truths.</summary>
/// <param name="Grid">The compressed slide.</param>
/// <param name="Truths">What is known of it: one for each target of the cohort, in their order; all of the same slide and patient.</param>
public sealed record LabelledSlide(SlideGrid Grid, IReadOnlyList<Truth> Truths)
{
    /// <summary>A slide of a cohort with one target.</summary>
    /// <param name="grid">The compressed slide.</param>
    /// <param name="truth">What is known of it.</param>
    public LabelledSlide(SlideGrid grid, Truth truth)
        : this(grid, [truth]) { }

    /// <summary>Gets the truth of the first target; slide and patient are those of all.</summary>
    public Truth Truth => Truths[0];

    /// <summary>Gets whether the truth of any target is known.</summary>
    public bool IsKnown => Truths.Any(truth => truth.IsKnown);
}
