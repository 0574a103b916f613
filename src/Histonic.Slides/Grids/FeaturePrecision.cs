namespace Histonic.Slides.Grids;

/// <summary>How numbers of embeddings are stored.</summary>
public enum FeaturePrecision
{
    /// <summary>IEEE half precision: 3 decimal digits, up to 65,504.</summary>
    Float16,

    /// <summary>IEEE single precision.</summary>
    Float32,
}
