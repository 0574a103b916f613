namespace Histonic.Slides.Grids;

/// <summary>What a compressed slide was made with.</summary>
/// <param name="Encoder">The name of the encoder.</param>
/// <param name="EncoderSha256">The SHA-256 of the encoder's file.</param>
/// <param name="Options">The settings, as <see cref="CompressedSlideHeader.Options"/> has them; empty when the file tells none.</param>
/// <param name="SlideFingerprint">The slide's file, as <see cref="CompressedSlideHeader.SlideFingerprint"/> has it; empty when the file tells none.</param>
/// <param name="Patches">The number N of embeddings.</param>
public sealed record CompressedSlideStamp(
    string Encoder,
    string EncoderSha256,
    string Options,
    string SlideFingerprint,
    int Patches
);
