using Histonic.Slides.Cohorts;
using Histonic.Slides.Grids;

namespace Histonic.Learning.Prediction;

/// <summary>A compressed slide beside its truth.</summary>
/// <param name="Grid">The compressed slide.</param>
/// <param name="Truth">What is known of it.</param>
public sealed record LabelledSlide(SlideGrid Grid, Truth Truth);
