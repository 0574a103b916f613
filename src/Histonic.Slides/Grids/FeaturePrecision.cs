namespace Histonic.Slides.Grids;

/// <summary>How numbers of embeddings are stored.</summary>
public enum FeaturePrecision
{
    /// <summary>IEEE half precision: 3 decimal digits, up to 65,504.</summary>
    Bits16,

    /// <summary>IEEE single precision.</summary>
    Bits32,
}
