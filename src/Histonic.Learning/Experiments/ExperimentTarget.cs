using Histonic.Slides.Cohorts;

namespace Histonic.Learning.Experiments;

/// <summary>A slide-level target of an experiment.</summary>
/// <param name="Name">What it is called in tables and charts.</param>
/// <param name="Spec">The columns that hold it.</param>
public sealed record ExperimentTarget(string Name, TargetSpec Spec);
