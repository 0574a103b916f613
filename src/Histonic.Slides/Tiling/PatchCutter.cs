using System.Buffers;
using Histonic.Slides.Reading;

namespace Histonic.Slides.Tiling;

/// <summary>Reads neighbouring patches of one row by one read, and brings each to the working pixel size.</summary>
internal sealed class PatchCutter(ISlide slide, GridGeometry geometry)
{
    private readonly double _scale = geometry.Downsample / geometry.LevelDownsample; // level pixels per working pixel

    private bool Exact => geometry.Downsample == geometry.LevelDownsample;

    private int SourceSize => Exact ? geometry.PatchSize : (int)Math.Ceiling(geometry.PatchSize * _scale) + 1;

    /// <summary>How many pixels are read for a run of patches.</summary>
    public long PixelsOfRun(int count) =>
        (long)SourceSize * (long)((Math.Ceiling(geometry.Stride * _scale) * (count - 1)) + SourceSize);

    /// <summary>Reads a run of neighbours.</summary>
    /// <param name="row">Their row.</param>
    /// <param name="column">The column of the first.</param>
    /// <param name="count">How many.</param>
    /// <param name="patches">Receives count × P × P × 3 bytes.</param>
    public void Cut(int row, int column, int count, Memory<byte> patches)
    {
        var (left, top) = LevelOrigin(row, column);
        var (lastLeft, _) = LevelOrigin(row, column + count - 1);
        var (x, y) = ((int)Math.Floor(left), (int)Math.Floor(top));
        var (width, height) = ((int)Math.Floor(lastLeft) - x + SourceSize, SourceSize);
        var bytes = ArrayPool<byte>.Shared.Rent(width * height * 3);
        try
        {
            slide.ReadRegion(geometry.Level, x, y, width, height, bytes);
            if (Exact)
            {
                Copy(bytes, width, count, patches.Span);
                return;
            }

            var lefts = new double[count];
            for (var i = 0; i < count; i++)
                lefts[i] = LevelOrigin(row, column + i).X - x;
            Resample(bytes, width, height, top - y, lefts, patches);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    /// <summary>Where a patch begins in pixels of the level; whole where nothing is resampled.</summary>
    private (double X, double Y) LevelOrigin(int row, int column)
    {
        if (Exact)
            return ((double)column * geometry.Stride, (double)row * geometry.Stride);
        var (x, y) = geometry.Origin(row, column);
        return (x / geometry.LevelDownsample, y / geometry.LevelDownsample);
    }

    private void Copy(ReadOnlySpan<byte> region, int width, int count, Span<byte> patches)
    {
        var row = geometry.PatchSize * 3;
        for (var i = 0; i < count; i++)
        {
            for (var y = 0; y < geometry.PatchSize; y++)
                region
                    .Slice(((y * width) + (i * geometry.Stride)) * 3, row)
                    .CopyTo(patches[(((i * geometry.PatchSize) + y) * row)..]);
        }
    }

    private void Resample(byte[] region, int width, int height, double top, double[] lefts, Memory<byte> patches)
    {
        var row = geometry.PatchSize * 3;
        var count = lefts.Length;
        new AreaShrinker(
            new AreaWeights(width, geometry.PatchSize, _scale, lefts),
            new AreaWeights(height, geometry.PatchSize, _scale, [top]),
            (y, rgb) =>
            {
                for (var i = 0; i < count; i++)
                    rgb.Slice(i * row, row).CopyTo(patches.Span[(((i * geometry.PatchSize) + y) * row)..]);
            }
        ).Add(region, height);
    }
}
