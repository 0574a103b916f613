using NetVips;

namespace Histonic.Slides.Reading;

/// <summary>
/// A slide that libvips reads: every level is an image of its own, decoded where it is asked for. Levels of JPEG tiles are
/// decoded tile by tile instead, which takes half the time, and need no image (libtiff would hold a second table of all tiles).
/// </summary>
internal sealed class VipsSlide : ISlide
{
    /// <summary>The most bytes of decoded JPEG tiles that are kept.</summary>
    private const long TileLimit = 64 << 20;

    /// <summary>How many are kept unless others are asked for: those around a place.</summary>
    private const int FewTiles = 8;

    private readonly Image?[] _images;
    private readonly TileDamage[] _damage;
    private readonly IReadOnlyDictionary<string, Func<Image>> _associated;
    private readonly TileCache _decoded = new(TileLimit);
    private readonly IReadOnlyList<IDisposable> _kept;
    private readonly JpegTiles?[] _tiles;
    private volatile int _keep = FewTiles;

    public VipsSlide(
        string path,
        string format,
        PixelSizeFinding pixelSize,
        double? objective,
        IReadOnlyList<(SlideLevel Level, Image? Pixels)> levels,
        IReadOnlyDictionary<string, Func<Image>> associated,
        IReadOnlyList<IDisposable>? kept = null,
        IReadOnlyList<JpegTiles?>? tiles = null,
        Func<Image>? inOrder = null
    )
    {
        InOrder = inOrder;
        (_kept, _tiles) = (kept ?? [], tiles is null ? new JpegTiles?[levels.Count] : [.. tiles]);
        (Path, Format, Objective, _associated) = (path, format, objective, associated);
        (PixelSize, PixelSizeProblem) = (pixelSize.Size, pixelSize.Problem);
        Levels = [.. levels.Select(level => level.Level)];
        _images = [.. levels.Select(level => level.Pixels)];
        _damage = [.. Levels.Select(level => new TileDamage(level.TileWidth, level.TileHeight))];
    }

    public string Path { get; }

    public string Name => System.IO.Path.GetFileNameWithoutExtension(Path);

    public string Format { get; }

    public IReadOnlyList<SlideLevel> Levels { get; }

    public PixelSize? PixelSize { get; }

    public string? PixelSizeProblem { get; }

    public double? Objective { get; }

    public IReadOnlyList<string> AssociatedImages => [.. _associated.Keys];

    /// <summary>
    /// Gets what opens level 0 once more, to be read from its top to its bottom once; null where its tiles can be read in any
    /// order. Where they cannot, the first read of <see cref="ReadRegion"/> decodes the whole level.
    /// </summary>
    public Func<Image>? InOrder { get; }

    public IReadOnlyList<int> Reductions(int level) => _tiles[level] is null ? [1] : JpegTiles.Reductions;

    public bool KeepTiles(int level, int reduction, int count)
    {
        if (_tiles[level] is null)
            return false;
        _keep = count;
        return true;
    }

    public void ReadRegion(int level, int x, int y, int width, int height, Span<byte> rgb) =>
        ReadReduced(level, 1, x, y, width, height, rgb);

    public void ReadReduced(int level, int reduction, int x, int y, int width, int height, Span<byte> rgb)
    {
        if (!Reductions(level).Contains(reduction))
            throw new ArgumentOutOfRangeException(nameof(reduction), reduction, "The level has no such reduction.");
        // a last pixel in part would hold what lies beyond the slide
        var size = (Levels[level].Width / reduction, Levels[level].Height / reduction);
        var part = RegionPart.Of(x, y, width, height, size, rgb);
        if (part.IsEmpty)
            return;
        var target = rgb[part.Offset..];
        if (_tiles[level] is { } tiles)
            CopyTiles(tiles, level, reduction, part, target, width);
        else
            CopyRows(Fetch(level, part), part, target, width);
    }

    public RgbImage ReadAssociated(string name)
    {
        if (!_associated.TryGetValue(name, out var open))
            throw MissingImage.Of(Path, name, AssociatedImages);
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

    public RgbImage ReadShrunk(double downsample) => SlideShrinker.Read(this, downsample);

    public void Dispose()
    {
        foreach (var image in _images)
            image?.Dispose();
        foreach (var one in _kept)
            one.Dispose();
    }

    private static void CopyRows(ReadOnlySpan<byte> pixels, RegionPart part, Span<byte> target, int stride)
    {
        for (var row = 0; row < part.Height; row++)
            pixels.Slice(row * part.Width * 3, part.Width * 3).CopyTo(target[(row * stride * 3)..]);
    }

    private void CopyTiles(JpegTiles tiles, int level, int reduction, RegionPart region, Span<byte> target, int stride)
    {
        var (tileWidth, tileHeight) = (tiles.TileWidth / reduction, tiles.TileHeight / reduction);
        var (right, bottom) = (region.Left + region.Width, region.Top + region.Height);
        _decoded.Wanted = 3L * _keep * tileWidth * tileHeight;
        for (var row = region.Top / tileHeight; row * tileHeight < bottom; row++)
        {
            for (var column = region.Left / tileWidth; column * tileWidth < right; column++)
            {
                // the part of the region that lies in this tile
                var (x0, y0) = (Math.Max(region.Left, column * tileWidth), Math.Max(region.Top, row * tileHeight));
                var (x1, y1) = (Math.Min(right, (column + 1) * tileWidth), Math.Min(bottom, (row + 1) * tileHeight));
                using var tile = _decoded.Get(
                    new TileKey(level, column, row, reduction),
                    tileWidth * tileHeight * 3,
                    Decode
                );
                for (var y = y0; y < y1; y++)
                {
                    tile.Rgb.Slice(
                            (((y - (row * tileHeight)) * tileWidth) + x0 - (column * tileWidth)) * 3,
                            (x1 - x0) * 3
                        )
                        .CopyTo(target[((((y - region.Top) * stride) + x0 - region.Left) * 3)..]);
                }
            }
        }
    }

    private void Decode(TileKey tile, byte[] rgb)
    {
        var tiles = _tiles[tile.Level]!;
        try
        {
            tiles.Decode(tile.Column, tile.Row, tile.Reduction, rgb);
        }
        catch (Exception error) when (error is InvalidDataException or IOException)
        {
            throw new InputException(
                Path,
                $"the tile {tiles.TileWidth} × {tiles.TileHeight} at ({tile.Column * tiles.TileWidth}, "
                    + $"{tile.Row * tiles.TileHeight}) of level {tile.Level} cannot be decoded ({error.Message})",
                "Copy the file again from its source; if that does not help, the scan is damaged",
                error
            );
        }
    }

    private byte[] Fetch(int level, RegionPart part)
    {
        var (left, top, width, height, _) = part;
        var image = _images[level]!;
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
