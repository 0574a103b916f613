using Histonic.Slides.Reading;

namespace Histonic.Learning.Encoders.Training.Data;

/// <summary>The pixels of a patch, from which views are cut.</summary>
/// <param name="Picture">The pixels, at the encoder's scale or coarser.</param>
/// <param name="Step">How many of its pixels lie side by side in one pixel of the encoder's patch: 1, or less where it is coarser.</param>
public sealed record SourcePatch(RgbImage Picture, double Step);
