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
    public void Cut(int row, int column, int count, Span<byte> patches)
    {
        var (left, top) = LevelOrigin(row, column);
        var (lastLeft, _) = LevelOrigin(row, column + count - 1);
        var (x, y) = ((int)Math.Floor(left), (int)Math.Floor(top));
        var (width, height) = ((int)Math.Floor(lastLeft) - x + SourceSize, SourceSize);
        var bytes = ArrayPool<byte>.Shared.Rent(width * height * 3);
        try
        {
            slide.ReadRegion(geometry.Level, x, y, width, height, bytes);
            var size = geometry.PatchSize * geometry.PatchSize * 3;
            for (var i = 0; i < count; i++)
            {
                var (patchLeft, _) = LevelOrigin(row, column + i);
                var patch = patches.Slice(i * size, size);
                if (Exact)
                    Copy(bytes, width, (int)patchLeft - x, patch);
                else
                    Resample(bytes, width, height, patchLeft - x, top - y, patch);
            }
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

    private void Copy(ReadOnlySpan<byte> region, int width, int left, Span<byte> patch)
    {
        var row = geometry.PatchSize * 3;
        for (var y = 0; y < geometry.PatchSize; y++)
            region.Slice(((y * width) + left) * 3, row).CopyTo(patch[(y * row)..]);
    }

    private void Resample(byte[] region, int width, int height, double left, double top, Span<byte> patch)
    {
        var across = new AreaWeights(width, geometry.PatchSize, _scale, left);
        var down = new AreaWeights(height, geometry.PatchSize, _scale, top);
        var result = ArrayPool<byte>.Shared.Rent(patch.Length);
        var shrinker = new AreaShrinker(across, down, result);
        shrinker.Add(region, height);
        shrinker.Finish();
        result.AsSpan(0, patch.Length).CopyTo(patch);
        ArrayPool<byte>.Shared.Return(result);
    }
}
