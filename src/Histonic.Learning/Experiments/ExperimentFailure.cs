namespace Histonic.Learning.Experiments;

/// <summary>A cell, or a slide of one, that could not be done.</summary>
/// <param name="Cell">The cell.</param>
/// <param name="Slide">The slide's file; null where the whole cell failed.</param>
/// <param name="Reason">Why.</param>
public sealed record ExperimentFailure(ExperimentCell Cell, string? Slide, string Reason);
