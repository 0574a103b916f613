namespace Histonic.Learning.Encoders;

/// <summary>The layers of a patch encoder.</summary>
public enum EncoderArchitecture
{
    /// <summary>The encoder that the authors published: see <see cref="PublishedEncoder"/>.</summary>
    Published,

    /// <summary>The encoder of P2's VAE, contrastive and supervised variants: see <see cref="DeepEncoder"/>.</summary>
    Deep,

    /// <summary>The encoder of P2's synthetic pictures, for patches of a few pixels: the first two convolutions of <see cref="DeepEncoder"/>.</summary>
    Shallow,
}
