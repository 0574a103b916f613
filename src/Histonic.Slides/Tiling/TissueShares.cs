using System.Collections;
using Histonic.Slides.Tissue;

namespace Histonic.Slides.Tiling;

/// <summary>The share of tissue under every cell of a grid, in raster order, looked up in the mask when it is asked for.</summary>
/// <param name="geometry">Where the cells lie.</param>
/// <param name="mask">The tissue.</param>
internal sealed class TissueShares(GridGeometry geometry, TissueMask mask) : IReadOnlyList<float>
{
    public int Count => geometry.Rows * geometry.Columns;

    public float this[int index] => (float)Of(index / geometry.Columns, index % geometry.Columns);

    /// <summary>The share of a cell, in [0, 1].</summary>
    public double Of(int row, int column) =>
        mask.Share(column * geometry.StrideLevel0, row * geometry.StrideLevel0, geometry.PatchSizeLevel0);

    public IEnumerator<float> GetEnumerator()
    {
        for (var i = 0; i < Count; i++)
            yield return this[i];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
