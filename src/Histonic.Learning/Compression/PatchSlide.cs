using Histonic.Slides;

namespace Histonic.Learning.Compression;

/// <summary>The patches of one slide, laid out again: a part of the slide, with nothing where no patch is.</summary>
public sealed class PatchSlide
{
    internal PatchSlide(string name, int side, long left, long top, IReadOnlyList<PlacedPatch> patches, double share)
    {
        (Name, Side, Left, Top, Placed, Share) = (name, side, left, top, patches, share);
    }

    /// <summary>Gets the slide's name.</summary>
    public string Name { get; }

    /// <summary>Gets the side of a patch in pixels, which is the step of the lattice too.</summary>
    public int Side { get; }

    /// <summary>Gets where the first column begins, in pixels.</summary>
    public long Left { get; }

    /// <summary>Gets where the first row begins, in pixels.</summary>
    public long Top { get; }

    /// <summary>Gets the number of patches.</summary>
    public int Patches => Placed.Count;

    /// <summary>Gets the share of its patches that are of the counted class, in [0, 1].</summary>
    public double Share { get; }

    /// <summary>Gets the cells with a patch, in raster order.</summary>
    public IReadOnlyList<GridCell> Cells => [.. Placed.Select(patch => patch.Cell)];

    internal IReadOnlyList<PlacedPatch> Placed { get; }
}
