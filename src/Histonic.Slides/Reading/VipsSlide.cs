using NetVips;

namespace Histonic.Slides.Reading;

/// <summary>A slide that libvips reads: every level is an image of its own, decoded where it is asked for.</summary>
internal sealed class VipsSlide : ISlide
{
    /// <summary>The most pixels decoded at once while a slide is shrunk: 64 million, or 192 MB.</summary>
    private const long MaxBandPixels = 1 << 26;

    private readonly Image[] _images;
    private readonly TileDamage[] _damage;
    private readonly IReadOnlyDictionary<string, Func<Image>> _associated;

    public VipsSlide(
        string path,
        string format,
        PixelSize? pixelSize,
        double? objective,
        IReadOnlyList<(SlideLevel Level, Image Pixels)> levels,
        IReadOnlyDictionary<string, Func<Image>> associated
    )
    {
        (Path, Format, PixelSize, Objective, _associated) = (path, format, pixelSize, objective, associated);
        Levels = [.. levels.Select(level => level.Level)];
        _images = [.. levels.Select(level => level.Pixels)];
        _damage = [.. Levels.Select(level => new TileDamage(level.TileWidth, level.TileHeight))];
    }

    public string Path { get; }

    public string Name => System.IO.Path.GetFileNameWithoutExtension(Path);

    public string Format { get; }

    public IReadOnlyList<SlideLevel> Levels { get; }

    public PixelSize? PixelSize { get; }

    public double? Objective { get; }

    public IReadOnlyList<string> AssociatedImages => [.. _associated.Keys];

    public void ReadRegion(int level, int x, int y, int width, int height, Span<byte> rgb)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        if (rgb.Length < (long)width * height * 3)
            throw new ArgumentException($"{rgb.Length} bytes do not hold {width} × {height} pixels.", nameof(rgb));
        var image = _images[level];
        rgb = rgb[..(width * height * 3)];
        var (left, top) = (Math.Max(x, 0), Math.Max(y, 0));
        var (right, bottom) = (Math.Min((long)x + width, image.Width), Math.Min((long)y + height, image.Height));
        if (right - left < width || bottom - top < height)
            rgb.Fill(255);
        if (right <= left || bottom <= top)
            return;

        var (inside, rows) = ((int)right - left, (int)bottom - top);
        var pixels = Fetch(image, level, left, top, inside, rows);
        if (inside == width)
        {
            pixels.CopyTo(rgb[((top - y) * width * 3)..]);
            return;
        }

        for (var row = 0; row < rows; row++)
            pixels.AsSpan(row * inside * 3, inside * 3).CopyTo(rgb[((((top - y + row) * width) + left - x) * 3)..]);
    }

    public RgbImage ReadAssociated(string name)
    {
        if (!_associated.TryGetValue(name, out var open))
            throw new InputException(
                Path,
                $"has no image '{name}'",
                _associated.Count == 0 ? "It has none" : $"It has: {string.Join(", ", _associated.Keys)}"
            );
        try
        {
            using var image = open();
            return new RgbImage(image.Width, image.Height, image.WriteToMemory<byte>());
        }
        catch (VipsException error)
        {
            throw new InputException(
                Path,
                $"its image '{name}' cannot be decoded ({VipsLibrary.Reason(error)})",
                "Copy the file again from its source",
                error
            );
        }
    }

    public RgbImage ReadShrunk(double downsample)
    {
        if (!(downsample >= 1) || !double.IsFinite(downsample))
            throw new ArgumentOutOfRangeException(nameof(downsample), downsample, "A slide is shrunk by 1 or more.");
        var level = Levels.Last(level => level.Downsample <= downsample * (1 + 1e-6));
        var (width, height) = (
            (int)Math.Ceiling(Levels[0].Width / downsample),
            (int)Math.Ceiling(Levels[0].Height / downsample)
        );
        var across = new AreaWeights(level.Width, width, downsample / (Levels[0].Width / (double)level.Width));
        var down = new AreaWeights(level.Height, height, downsample / (Levels[0].Height / (double)level.Height));
        var result = new byte[width * height * 3];
        var bandRows = (int)Math.Clamp(MaxBandPixels / level.Width, 1, Math.Max(level.TileHeight, 256));
        var shrinker = new AreaShrinker(across, down, (row, rgb) => rgb.CopyTo(result.AsSpan(row * width * 3)));
        var band = new byte[(long)level.Width * Math.Min(bandRows, level.Height) * 3];
        for (var top = 0; top < level.Height; top += bandRows)
        {
            var rows = Math.Min(bandRows, level.Height - top);
            ReadRegion(level.Index, 0, top, level.Width, rows, band);
            shrinker.Add(band.AsSpan(0, level.Width * rows * 3), rows);
        }

        return new RgbImage(width, height, result);
    }

    public void Dispose()
    {
        foreach (var image in _images)
            image.Dispose();
    }

    private byte[] Fetch(Image image, int level, int left, int top, int width, int height)
    {
        try
        {
            var (pixels, damaged) = _damage[level]
                .Watch(
                    () =>
                    {
                        // A region belongs to the thread that made it, so every read makes its own: microseconds.
                        using var region = Region.New(image);
                        return region.Fetch(left, top, width, height);
                    },
                    left,
                    top,
                    width,
                    height
                );
            return damaged ? throw Damaged("a tile is damaged", null) : pixels;
        }
        catch (VipsException error)
        {
            throw Damaged(VipsLibrary.Reason(error), error);
        }

        InputException Damaged(string reason, Exception? cause) =>
            new(
                Path,
                $"the region {width} × {height} at ({left}, {top}) of level {level} cannot be decoded ({reason})",
                "Copy the file again from its source; if that does not help, the scan is damaged",
                cause
            );
    }
}
