namespace Histonic.Slides.Synthetic;

/// <summary>One thing that is painted on the tissue.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="X">Its centre in level-0 pixels.</param>
/// <param name="Y">Its centre in level-0 pixels.</param>
/// <param name="Long">Half its length in pixels; of a gland, its outer radius.</param>
/// <param name="Short">Half its width in pixels; of a gland, the radius of its lumen.</param>
/// <param name="Angle">The direction of its length in radians.</param>
/// <param name="Density">How much hematoxylin it holds.</param>
/// <param name="Variant">Chooses its texture and outline.</param>
internal readonly record struct Figure(
    FigureKind Kind,
    float X,
    float Y,
    float Long,
    float Short,
    float Angle,
    float Density,
    int Variant
);
