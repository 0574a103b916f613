namespace Histonic.Slides.Interchange;

/// <summary>Whose layout a file of embeddings has.</summary>
public enum InterchangeFormat
{
    /// <summary>Our own compressed slide.</summary>
    Histonic,

    /// <summary>CLAM: <c>h5_files/SLIDE.h5</c> (features, coords) with <c>patches/SLIDE.h5</c> (coords and how they were cut).</summary>
    Clam,

    /// <summary>TRIDENT: features and coords with their attributes in one file.</summary>
    Trident,

    /// <summary>STAMP: float16 embeddings, coordinates in µm.</summary>
    Stamp,

    /// <summary>wsilearn: embeddings, coordinates in pixels of the compression's size, metadata as JSON.</summary>
    Wsilearn,

    /// <summary>Neural image compression's npy: C × rows × columns, background 0.</summary>
    Npy,
}
