namespace Histonic.Slides.Tissue;

/// <summary>Which parts of a slide are tissue, on a coarse raster.</summary>
public sealed class TissueMask
{
    private readonly int[] _integral; // (height + 1) × (width + 1), so that a share costs four look-ups

    /// <summary>Creates a mask.</summary>
    /// <param name="width">Width in mask pixels.</param>
    /// <param name="height">Height in mask pixels.</param>
    /// <param name="downsample">Level-0 pixels per mask pixel.</param>
    /// <param name="pixels">Whether each mask pixel is tissue, row by row.</param>
    /// <param name="method">How it was found, such as "otsu-saturation"; recorded in outputs.</param>
    public TissueMask(int width, int height, double downsample, bool[] pixels, string method)
    {
        if (pixels.Length != width * height)
            throw new ArgumentException($"{pixels.Length} pixels are not {width} × {height}.", nameof(pixels));
        (Width, Height, Downsample, Pixels, Method) = (width, height, downsample, pixels, method);
        _integral = new int[(width + 1) * (height + 1)];
        for (var y = 0; y < height; y++)
        {
            var row = 0;
            for (var x = 0; x < width; x++)
            {
                row += pixels[(y * width) + x] ? 1 : 0;
                _integral[((y + 1) * (width + 1)) + x + 1] = _integral[(y * (width + 1)) + x + 1] + row;
            }
        }
    }

    /// <summary>Gets the width in mask pixels.</summary>
    public int Width { get; }

    /// <summary>Gets the height in mask pixels.</summary>
    public int Height { get; }

    /// <summary>Gets how many level-0 pixels one mask pixel spans.</summary>
    public double Downsample { get; }

    /// <summary>Gets whether each mask pixel is tissue, row by row.</summary>
    public IReadOnlyList<bool> Pixels { get; }

    /// <summary>Gets how the mask was found.</summary>
    public string Method { get; }

    /// <summary>Gets what a user should know of it, one sentence each, without a full stop: that nearly all was taken for pen, say.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Gets the share of the whole mask that is tissue, in [0, 1].</summary>
    public double TissueShare => Pixels.Count == 0 ? 0 : _integral[^1] / (double)Pixels.Count;

    /// <summary>The share of tissue under a square of the slide, in [0, 1]; what lies outside the mask counts as none.</summary>
    /// <param name="x">Left edge in level-0 pixels.</param>
    /// <param name="y">Top edge in level-0 pixels.</param>
    /// <param name="side">Side in level-0 pixels, above 0.</param>
    /// <remarks>Mask pixels whose centre lies in the square are counted; a square smaller than one takes the nearest.</remarks>
    public double Share(double x, double y, double side)
    {
        var (left, right) = Span(x, side);
        var (top, bottom) = Span(y, side);
        var all = (double)(right - left) * (bottom - top);
        (left, right) = (Math.Clamp(left, 0, Width), Math.Clamp(right, 0, Width));
        (top, bottom) = (Math.Clamp(top, 0, Height), Math.Clamp(bottom, 0, Height));
        return (At(bottom, right) - At(top, right) - At(bottom, left) + At(top, left)) / all;
    }

    private (int From, int To) Span(double at, double side)
    {
        var from = (int)Math.Ceiling((at / Downsample) - 0.5);
        var to = (int)Math.Ceiling(((at + side) / Downsample) - 0.5);
        return to > from
            ? (from, to)
            : ((int)((at + (side / 2)) / Downsample), (int)((at + (side / 2)) / Downsample) + 1);
    }

    private int At(int row, int column) => _integral[(row * (Width + 1)) + column];
}
