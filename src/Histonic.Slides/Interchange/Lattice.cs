namespace Histonic.Slides.Interchange;

/// <summary>A lattice that patches lie on.</summary>
/// <param name="Step">The step between its cells, in the unit of the coordinates.</param>
/// <param name="X">Where its column 0 begins: in [0, step), or below 0 when patches were moved.</param>
/// <param name="Y">Where its row 0 begins.</param>
/// <param name="Cells">The cells of the patches that stay, in the order of <paramref name="Patches"/>: raster order.</param>
/// <param name="Patches">Which patches they are.</param>
/// <param name="Moved">How many of all patches lay off the lattice.</param>
internal sealed record Lattice(
    double Step,
    double X,
    double Y,
    IReadOnlyList<GridCell> Cells,
    IReadOnlyList<int> Patches,
    int Moved
);
