using Histonic.Slides.Reading;
using Histonic.Slides.Tissue;

namespace Histonic.Slides.Tiling;

/// <summary>Which patches of a slide are read.</summary>
public sealed record PatchPlan
{
    private PatchPlan() { }

    /// <summary>Gets where patches lie.</summary>
    public required GridGeometry Geometry { get; init; }

    /// <summary>Gets the cells that hold enough tissue, in raster order.</summary>
    public required IReadOnlyList<GridCell> Cells { get; init; }

    /// <summary>Gets the share of tissue under every cell, rows × columns, in [0, 1].</summary>
    public required IReadOnlyList<float> Tissue { get; init; }

    /// <summary>Plans the patches of a slide.</summary>
    /// <param name="slide">The slide.</param>
    /// <param name="mask">Its tissue.</param>
    /// <param name="options">How it is cut.</param>
    /// <exception cref="InputException">The slide does not tell its pixel size, or is too coarse.</exception>
    public static PatchPlan For(ISlide slide, TissueMask mask, TilingOptions options)
    {
        options = options.Validated();
        var geometry = GridGeometry.For(slide, options);
        var tissue = new TissueShares(geometry, mask);
        return new PatchPlan
        {
            Geometry = geometry,
            Cells = new CellSet(
                geometry.Rows,
                geometry.Columns,
                (row, column) => tissue.Of(row, column) >= options.MinTissue
            ),
            Tissue = tissue,
        };
    }

    /// <summary>A plan of some of these patches, evenly spread over them.</summary>
    /// <param name="count">How many; all where there are no more.</param>
    public PatchPlan Sample(int count) =>
        count >= Cells.Count
            ? this
            : this with
            {
                Cells =
                [
                    .. Enumerable
                        .Range(0, count)
                        .Select(i => Cells[(int)((((2L * i) + 1) * Cells.Count) / (2L * count))]),
                ],
            };
}
