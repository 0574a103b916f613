namespace Histonic.Learning.Encoders.Import;

/// <summary>How a network wants its pixels.</summary>
public enum PixelRange
{
    /// <summary>x / 255 · 2 − 1, as the papers.</summary>
    MinusOneToOne,

    /// <summary>x / 255.</summary>
    ZeroToOne,

    /// <summary>(x / 255 − mean) / deviation with ImageNet's means and deviations, as torchvision and timm models.</summary>
    ImageNet,
}
