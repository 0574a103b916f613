namespace Histonic.Reports.HeatMaps;

/// <summary>How one map of a slide goes with the region that decides the target, and with the map that is checked.</summary>
/// <param name="Slide">The slide.</param>
/// <param name="Patient">Whose it is.</param>
/// <param name="Map">Which map: see <see cref="MapOverlaps"/>.</param>
/// <param name="Cells">The number of cells with tissue.</param>
/// <param name="RegionCells">How many of them are of the region; null where no region is known.</param>
/// <param name="Auc">How well the map's values tell cells of the region from the others, 0.5 = not at all; null where all or none are of it.</param>
/// <param name="Jaccard">Cells at or above the 75th percentile and of the region, over cells that are either; null likewise.</param>
/// <param name="RankCorrelation">Spearman's ρ with the map that is checked, over cells; null for that map itself, and where either is constant.</param>
public sealed record MapOverlap(
    string Slide,
    string Patient,
    string Map,
    int Cells,
    int? RegionCells,
    double? Auc,
    double? Jaccard,
    double? RankCorrelation
);
