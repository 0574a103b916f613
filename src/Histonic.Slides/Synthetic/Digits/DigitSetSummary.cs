namespace Histonic.Slides.Synthetic.Digits;

/// <summary>What a set of synthetic pictures came to.</summary>
/// <param name="Encoder">Pictures that the encoders' patches come from.</param>
/// <param name="Slides">Pictures for the slide-level network.</param>
/// <param name="Test">Pictures for its test.</param>
/// <param name="Patches">Patches for the encoders.</param>
public sealed record DigitSetSummary(int Encoder, int Slides, int Test, int Patches);
