using Histonic.Slides.Grids;

namespace Histonic.Slides.Interchange;

/// <summary>A slide that was read from a file of embeddings, whoever wrote it.</summary>
/// <param name="Slide">The slide.</param>
/// <param name="Format">Whose file it was.</param>
/// <param name="Precision">The narrowest precision that holds its embeddings exactly as they were.</param>
/// <param name="Moved">How many patches lay off the lattice and were moved to the nearest cell.</param>
/// <param name="Dropped">How many patches gave way to one that lay nearer to the same cell.</param>
public sealed record ImportedSlide(
    CompressedSlide Slide,
    InterchangeFormat Format,
    FeaturePrecision Precision,
    int Moved,
    int Dropped
);
