using System.Buffers;
using Histonic.Slides.Reading;

namespace Histonic.Slides.Tiling;

/// <summary>Reads neighbouring patches of one row by one read, and brings each to the size the source says.</summary>
internal sealed class PatchCutter(ISlide slide, GridGeometry geometry, PatchSource source)
{
    /// <summary>How many source pixels are read for one patch, along a side.</summary>
    private readonly int _read =
        (int)Math.Ceiling((source.Side * source.Scale) - 1e-6) + (BeginsOnPixels(geometry, source) ? 0 : 1);

    private readonly double _stride = geometry.StrideLevel0 / source.Downsample;

    /// <summary>How many pixels are read for a run of patches.</summary>
    public long PixelsOfRun(int count) => _read * (((long)Math.Ceiling(_stride) * (count - 1)) + _read);

    /// <summary>Reads a run of neighbours.</summary>
    /// <param name="row">Their row.</param>
    /// <param name="column">The column of the first.</param>
    /// <param name="count">How many.</param>
    /// <param name="patches">Receives count × side × side × 3 bytes.</param>
    public void Cut(int row, int column, int count, Memory<byte> patches)
    {
        var (left, top) = Origin(row, column);
        var (x, y) = ((int)Math.Floor(left), (int)Math.Floor(top));
        var width = (int)Math.Floor(Origin(row, column + count - 1).X) - x + _read;
        var bytes = ArrayPool<byte>.Shared.Rent(width * _read * 3);
        try
        {
            slide.ReadReduced(source.Level, source.Reduction, x, y, width, _read, bytes);
            if (source.Scale == 1)
            {
                for (var i = 0; i < count; i++)
                    Copy(bytes, width, (int)Origin(row, column + i).X - x, patches.Span[(i * Length)..]);
                return;
            }

            var lefts = new double[count];
            for (var i = 0; i < count; i++)
                lefts[i] = Origin(row, column + i).X - x;
            Resample(bytes, width, top - y, lefts, patches);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    /// <summary>Whether every patch begins where a pixel of the source does, so that no part of a pixel more is needed.</summary>
    private static bool BeginsOnPixels(GridGeometry geometry, PatchSource source) =>
        source.Scale == 1
        || source.Downsample == 1 // origins are whole pixels of level 0
        || new[] { geometry.StrideLevel0, geometry.OffsetX, geometry.OffsetY }.All(one =>
            double.IsInteger(one) && double.IsInteger(one / source.Downsample)
        );

    private int Length => source.Side * source.Side * 3;

    /// <summary>Where a patch begins in pixels of the source; whole where nothing is resampled.</summary>
    private (double X, double Y) Origin(int row, int column)
    {
        if (source.Scale == 1)
            return (Math.Round(column * _stride), Math.Round(row * _stride));
        var (x, y) = geometry.Origin(row, column);
        return (x / source.Downsample, y / source.Downsample);
    }

    private void Copy(ReadOnlySpan<byte> region, int width, int left, Span<byte> patch)
    {
        var row = source.Side * 3;
        for (var y = 0; y < source.Side; y++)
            region.Slice(((y * width) + left) * 3, row).CopyTo(patch[(y * row)..]);
    }

    private void Resample(byte[] region, int width, double top, double[] lefts, Memory<byte> patches)
    {
        var row = source.Side * 3;
        var count = lefts.Length;
        new AreaShrinker(
            new AreaWeights(width, source.Side, source.Scale, lefts),
            new AreaWeights(_read, source.Side, source.Scale, [top]),
            (y, rgb) =>
            {
                for (var i = 0; i < count; i++)
                    rgb.Slice(i * row, row).CopyTo(patches.Span[(((i * source.Side) + y) * row)..]);
            }
        ).Add(region, _read);
    }
}
