namespace Histonic.Slides.Tissue;

/// <summary>Which parts of a slide are tissue, on a coarse raster.</summary>
public sealed class TissueMask
{
    private readonly BitRaster _pixels;

    /// <summary>Creates a mask.</summary>
    /// <param name="width">Width in mask pixels.</param>
    /// <param name="height">Height in mask pixels.</param>
    /// <param name="downsample">Level-0 pixels per mask pixel.</param>
    /// <param name="pixels">Whether each mask pixel is tissue, row by row.</param>
    /// <param name="method">How it was found, such as "otsu-saturation"; recorded in outputs.</param>
    public TissueMask(int width, int height, double downsample, bool[] pixels, string method)
        : this(
            pixels.Length == width * height
                ? BitRaster.Of(pixels, width)
                : throw new ArgumentException($"{pixels.Length} pixels are not {width} × {height}.", nameof(pixels)),
            downsample,
            method
        ) { }

    /// <summary>Creates a mask of pixels that it takes over.</summary>
    internal TissueMask(BitRaster pixels, double downsample, string method) =>
        (_pixels, Downsample, Method) = (pixels, downsample, method);

    /// <summary>Gets the width in mask pixels.</summary>
    public int Width => _pixels.Width;

    /// <summary>Gets the height in mask pixels.</summary>
    public int Height => _pixels.Height;

    /// <summary>Gets how many level-0 pixels one mask pixel spans.</summary>
    public double Downsample { get; }

    /// <summary>Gets whether each mask pixel is tissue, row by row.</summary>
    public IReadOnlyList<bool> Pixels => _pixels;

    /// <summary>Gets how the mask was found.</summary>
    public string Method { get; }

    /// <summary>Gets what a user should know of it, one sentence each, without a full stop: that nearly all was taken for pen, say.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Gets the share of the whole mask that is tissue, in [0, 1].</summary>
    public double TissueShare => _pixels.Count == 0 ? 0 : _pixels.Ones() / (double)_pixels.Count;

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
        var tissue = 0;
        for (var row = top; row < bottom; row++)
            tissue += _pixels.Ones(row, left, right);
        return tissue / all;
    }

    /// <summary>Its pixels for whoever looks at each several times, a byte or more each.</summary>
    internal T[] Unpacked<T>(T tissue) => _pixels.Unpacked(tissue);

    private (int From, int To) Span(double at, double side)
    {
        var from = (int)Math.Ceiling((at / Downsample) - 0.5);
        var to = (int)Math.Ceiling(((at + side) / Downsample) - 0.5);
        return to > from
            ? (from, to)
            : ((int)((at + (side / 2)) / Downsample), (int)((at + (side / 2)) / Downsample) + 1);
    }
}
