using Histonic.Slides.Reading;

namespace Histonic.Slides.Tiling;

/// <summary>
/// The patches that are read one after another before the next ones: a rectangle of the lattice that spans few tiles, so that decoded
/// tiles need not be kept across the whole slide. Blocks follow each other from left to right in bands of their height.
/// </summary>
/// <param name="Rows">How many rows of patches it spans.</param>
/// <param name="Columns">How many columns of patches it spans.</param>
internal readonly record struct PatchBlock(int Rows, int Columns)
{
    /// <summary>The rows of tiles that a band spans where no band ends where tiles end: one of them is decoded again by the next band.</summary>
    private const int TileRows = 16;

    /// <summary>The bytes of tiles that a block may span, if it is not a single tile.</summary>
    private const long MostBytes = 6 << 20;

    /// <summary>Raster order.</summary>
    public static PatchBlock Row => new(1, int.MaxValue);

    /// <summary>
    /// The blocks to read a slide in, after asking it to keep the tiles that neighbours share. Where bands can end where tiles end, no tile
    /// is decoded twice; else every <see cref="TileRows"/>th row of tiles is. A slide that keeps no tiles is read in raster order.
    /// </summary>
    /// <param name="slide">The slide.</param>
    /// <param name="geometry">Where its patches lie.</param>
    /// <param name="source">The pixels they are read from.</param>
    /// <param name="patches">About how many patches a block should hold: those of a batch.</param>
    /// <param name="threads">How many blocks are read at once.</param>
    public static PatchBlock For(ISlide slide, GridGeometry geometry, PatchSource source, int patches, int threads)
    {
        var level = slide.Levels[source.Level];
        var (tileWidth, tileHeight) = (
            Math.Max(1, level.TileWidth / source.Reduction),
            Math.Max(1, level.TileHeight / source.Reduction)
        );
        var stride = geometry.StrideLevel0 / source.Downsample;
        var side = source.Side * source.Scale;
        var most = (int)Math.Clamp(MostBytes / (3L * tileWidth * tileHeight), 1, TileRows);
        var rows = Math.Max(1, (int)(most * tileHeight / stride));
        var aligned = geometry.OffsetY == 0 && side <= stride ? Aligned(stride, tileHeight, rows) : null;
        rows = aligned ?? rows;
        var columns = Math.Max((int)Math.Ceiling(tileWidth / stride), (patches + rows - 1) / rows);
        var down = (int)Math.Ceiling((((rows - 1) * stride) + side) / tileHeight) + (aligned is null ? 1 : 0);
        // neighbours are read at the same time; the next one shares their last column of tiles
        var across = (int)Math.Ceiling(((threads * (double)columns * stride) + side) / tileWidth) + 1;
        return slide.KeepTiles(source.Level, source.Reduction, checked(down * across))
            ? new PatchBlock(rows, columns)
            : Row;
    }

    /// <summary>The cells of a plan, each once, block by block and in raster order within a block.</summary>
    /// <param name="cells">Cells in raster order.</param>
    /// <returns>Their places.</returns>
    public IEnumerable<int> Order(IReadOnlyList<GridCell> cells)
    {
        var (rows, columns) = this;
        for (int from = 0, to; from < cells.Count; from = to)
        {
            var band = cells[from].Row / rows;
            for (to = from + 1; to < cells.Count && cells[to].Row / rows == band; )
                to++;
            // the sort is stable
            foreach (var place in Enumerable.Range(from, to - from).OrderBy(place => cells[place].Column / columns))
                yield return place;
        }
    }

    /// <summary>The least number of rows, if any up to a number, after which patches begin where tiles do.</summary>
    private static int? Aligned(double stride, int tileHeight, int most)
    {
        for (var rows = 1; rows <= most; rows++)
        {
            if (Math.Abs(Math.IEEERemainder(rows * stride, tileHeight)) < 1e-6)
                return rows;
        }

        return null;
    }
}
