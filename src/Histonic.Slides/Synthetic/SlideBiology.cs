namespace Histonic.Slides.Synthetic;

/// <summary>What one slide's tissue is like.</summary>
/// <param name="Pattern">How the tumour meets normal tissue; the patient's.</param>
/// <param name="MitoticShare">The expected share of tumour nuclei that divide.</param>
/// <param name="CellSpacing">The mean distance between neighbouring tumour nuclei in pixels.</param>
/// <param name="StromaShare">How wide the septa within the tumour are, in [0, 1].</param>
/// <param name="GlandShare">How many places within the tumour form glands, in [0, 1].</param>
/// <param name="LymphocyteShare">How many lymphocytes are strewn about, in [0, 1].</param>
/// <param name="NucleusSize">Mean half-length of tumour nuclei in pixels.</param>
/// <param name="DyingShare">The expected share of tumour nuclei that are pyknotic.</param>
/// <param name="IslandSpacing">How far apart portal tracts, lobules of glands and lymphoid aggregates are; 1 as usual.</param>
internal sealed record SlideBiology(
    GrowthPattern Pattern,
    double MitoticShare,
    double CellSpacing,
    double StromaShare,
    double GlandShare,
    double LymphocyteShare,
    double NucleusSize,
    double DyingShare,
    double IslandSpacing = 1
)
{
    /// <summary>Draws a slide: what the labels depend on is given, all else is chance.</summary>
    /// <param name="random">Where chance comes from.</param>
    /// <param name="pattern">How the tumour meets normal tissue.</param>
    /// <param name="mitosis">Mitotic activity in standard deviations.</param>
    /// <param name="density">Cell density in standard deviations.</param>
    public static SlideBiology Draw(Random random, GrowthPattern pattern, double mitosis, double density) =>
        new(
            pattern,
            MitoticShare: Math.Min(0.028 * Math.Exp(0.75 * mitosis), 0.2),
            CellSpacing: 26.5 * Math.Exp(-0.1 * density),
            StromaShare: random.Between(0.1, 0.8),
            GlandShare: random.Between(0.05, 0.6),
            LymphocyteShare: random.Between(0.1, 0.9),
            NucleusSize: random.Between(9, 11),
            DyingShare: random.Between(0.008, 0.03)
        );
}
