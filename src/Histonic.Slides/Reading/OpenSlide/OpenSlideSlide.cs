using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Histonic.Slides.Reading.OpenSlide;

/// <summary>
/// A slide that OpenSlide reads, cut to its bounds as QuPath cuts it: coordinates count from the corner of the bounds. Each
/// level's corner is its whole pixel nearest to that of level 0, so that pixels are never blended from two.
/// </summary>
internal sealed class OpenSlideSlide : ISlide
{
    /// <summary>How many pixels are asked for at a time: 16 MB of OpenSlide's four bytes each.</summary>
    private const int MaxPixels = 1 << 22;

    private readonly Lock _reopening = new();
    private readonly SlideBounds _bounds;
    private readonly (long X, long Y)[] _corners;
    private volatile OpenSlideHandle _handle;

    private OpenSlideSlide(string path, OpenSlideHandle handle, PixelSize? given)
    {
        (Path, _handle) = (path, handle);
        var vendor = Property("openslide.vendor") ?? "";
        Format = FormatOf(vendor);
        OpenSlideLibrary.GetLevelDimensions(handle, 0, out var width, out var height);
        _bounds = SlideBounds.Of(Property, width, height);
        var levels = OpenSlideLibrary.GetLevelCount(handle);
        Levels = [.. Enumerable.Range(0, levels).Select(level => LevelOf(level, (width, height)))];
        _corners =
        [
            .. Levels.Select(level =>
                ((long)Math.Round(_bounds.X / level.Downsample), (long)Math.Round(_bounds.Y / level.Downsample))
            ),
        ];
        Objective = Number("openslide.objective-power") is > 0 and < 1000 and var objective ? objective : null;
        var finding = PixelSizeFinder.OfOpenSlide(Property);
        (PixelSize, PixelSizeProblem) = given is null ? (finding.Size, finding.Problem) : (given, null);
        AssociatedImages = Names(OpenSlideLibrary.GetAssociatedNames(handle));
        Check(handle, "its directory");
    }

    public string Path { get; }

    public string Name => System.IO.Path.GetFileNameWithoutExtension(Path);

    public string Format { get; }

    public IReadOnlyList<SlideLevel> Levels { get; }

    public PixelSize? PixelSize { get; }

    public string? PixelSizeProblem { get; }

    public (long X, long Y) BoundsCorner => (_bounds.X, _bounds.Y);

    public double? Objective { get; }

    public IReadOnlyList<string> AssociatedImages { get; }

    /// <summary>Opens a slide.</summary>
    /// <param name="path">The file.</param>
    /// <param name="given">Its pixel size, instead of what the file tells.</param>
    /// <exception cref="InputException">OpenSlide does not know the format, or finds the file at fault.</exception>
    public static OpenSlideSlide Open(string path, PixelSize? given)
    {
        var handle = OpenSlideLibrary.Open(path);
        try
        {
            if (handle.IsInvalid)
                throw new InputException(
                    path,
                    $"is no slide of a format that OpenSlide {OpenSlideLibrary.Version} reads"
                        + (
                            IsWithoutFolder(path)
                                ? $", for lack of the folder {System.IO.Path.GetFileNameWithoutExtension(path)} beside it"
                                : ""
                        ),
                    IsWithoutFolder(path)
                        ? "Copy the folder of the same name too: it holds the pixels"
                        : "Copy it again from its source, or convert it to a pyramidal TIFF (bfconvert)"
                );
            if (Error(handle) is { } error)
                throw new InputException(
                    path,
                    $"cannot be opened as a slide ({error})",
                    "Copy it again from its source, with the files that belong to it"
                );
            return new OpenSlideSlide(path, handle, given);
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    public void ReadRegion(int level, int x, int y, int width, int height, Span<byte> rgb)
    {
        var part = RegionPart.Of(x, y, width, height, (Levels[level].Width, Levels[level].Height), rgb);
        if (part.IsEmpty)
            return;
        var rows = Math.Clamp(MaxPixels / part.Width, 1, part.Height);
        var pixels = ArrayPool<uint>.Shared.Rent(part.Width * rows);
        try
        {
            for (var top = 0; top < part.Height; top += rows)
            {
                rows = Math.Min(rows, part.Height - top);
                Fetch(level, part.Left, part.Top + top, part.Width, rows, pixels);
                for (var row = 0; row < rows; row++)
                    OnWhite(
                        pixels.AsSpan(row * part.Width, part.Width),
                        rgb[(part.Offset + ((top + row) * width * 3))..]
                    );
            }
        }
        finally
        {
            ArrayPool<uint>.Shared.Return(pixels);
        }
    }

    public RgbImage ReadAssociated(string name)
    {
        if (!AssociatedImages.Contains(name, StringComparer.Ordinal))
            throw MissingImage.Of(Path, name, AssociatedImages);
        // a handle of its own: a damaged label must not keep the slide from being read
        using var handle = OpenSlideLibrary.Open(Path);
        var what = $"its image '{name}'";
        Check(handle, what);
        OpenSlideLibrary.GetAssociatedDimensions(handle, name, out var width, out var height);
        Check(handle, what);
        var pixels = new uint[checked(width * height)];
        OpenSlideLibrary.ReadAssociated(handle, name, pixels);
        Check(handle, what);
        var rgb = new byte[pixels.Length * 3];
        OnWhite(pixels, rgb);
        return new RgbImage((int)width, (int)height, rgb);
    }

    public RgbImage ReadShrunk(double downsample) => SlideShrinker.Read(this, downsample);

    public void Dispose() => _handle.Dispose();

    private SlideLevel LevelOf(int level, (long Width, long Height) whole)
    {
        OpenSlideLibrary.GetLevelDimensions(_handle, level, out var width, out var height);
        var downsample = OpenSlideLibrary.GetLevelDownsample(_handle, level);
        var (across, down) = _bounds.LevelSize((width, height), whole, downsample);
        // some formats have tiles of 8 rows, some do not tell: what is fetched at a time need not be smaller than this
        const int Least = 256;
        int Tile(string side, int all) =>
            (int)Math.Min(Math.Max(Number($"openslide.level[{level}].tile-{side}") ?? 0, Least), all);
        return new SlideLevel(
            level,
            across,
            down,
            downsample,
            Tile("width", across),
            Tile("height", down),
            "openslide"
        );
    }

    /// <summary>Reads premultiplied ARGB. Any fault closes OpenSlide's handle to everybody, so that it has to be opened again.</summary>
    private void Fetch(int level, int left, int top, int width, int height, uint[] pixels)
    {
        var downsample = Levels[level].Downsample;
        var (x, y) = (
            (long)Math.Round((_corners[level].X + left) * downsample),
            (long)Math.Round((_corners[level].Y + top) * downsample)
        );
        var handle = _handle;
        OpenSlideLibrary.ReadRegion(handle, pixels, x, y, level, width, height);
        if (Error(handle) is null)
            return;
        lock (_reopening)
        {
            // Others may still be reading with the old one: it is closed when the last of them lets go.
            var fresh = OpenSlideLibrary.Open(Path);
            OpenSlideLibrary.ReadRegion(fresh.IsInvalid ? handle : fresh, pixels, x, y, level, width, height);
            var reason = fresh.IsInvalid ? "the file is gone" : Error(fresh);
            if (reason is null)
            {
                _handle = fresh;
                return;
            }

            fresh.Dispose();
            throw new InputException(
                Path,
                $"the region {width} × {height} at ({left}, {top}) of level {level} cannot be decoded ({reason})",
                "Copy the file again from its source; if that does not help, the scan is damaged"
            );
        }
    }

    /// <summary>Brings premultiplied ARGB to RGB on white: what a scanner left out is no tissue.</summary>
    private static void OnWhite(ReadOnlySpan<uint> argb, Span<byte> rgb)
    {
        for (var i = 0; i < argb.Length; i++)
        {
            var pixel = argb[i];
            var rest = 255 - (pixel >> 24);
            rgb[(i * 3) + 2] = (byte)((pixel & 255) + rest);
            rgb[(i * 3) + 1] = (byte)(((pixel >> 8) & 255) + rest);
            rgb[i * 3] = (byte)(((pixel >> 16) & 255) + rest);
        }
    }

    private string? Property(string name) => Marshal.PtrToStringUTF8(OpenSlideLibrary.GetProperty(_handle, name));

    private double? Number(string name) =>
        double.TryParse(Property(name), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : null;

    private static string? Error(OpenSlideHandle handle) => Marshal.PtrToStringUTF8(OpenSlideLibrary.GetError(handle));

    private void Check(OpenSlideHandle handle, string what)
    {
        if ((handle.IsInvalid ? "it is gone" : Error(handle)) is { } error)
            throw new InputException(Path, $"{what} cannot be read ({error})", "Copy it again from its source");
    }

    /// <summary>The strings of a list that ends with a null pointer.</summary>
    private static List<string> Names(nint list)
    {
        var names = new List<string>();
        for (var at = list; list != 0 && Marshal.ReadIntPtr(at) is not 0 and var text; at += nint.Size)
            names.Add(Marshal.PtrToStringUTF8(text)!);
        return names;
    }

    private static bool IsWithoutFolder(string path) =>
        string.Equals(System.IO.Path.GetExtension(path), ".mrxs", StringComparison.OrdinalIgnoreCase)
        && !Directory.Exists(System.IO.Path.ChangeExtension(path, null));

    private static string FormatOf(string vendor) =>
        vendor switch
        {
            "aperio" => "Aperio SVS",
            "dicom" => "DICOM",
            "generic-tiff" => "TIFF",
            "hamamatsu" => "Hamamatsu NDPI or VMS",
            "leica" => "Leica SCN",
            "mirax" => "MIRAX (MRXS)",
            "philips" => "Philips TIFF",
            "sakura" => "Sakura",
            "trestle" => "Trestle TIFF",
            "ventana" => "Ventana BIF or TIFF",
            "zeiss" => "Zeiss CZI",
            _ => $"OpenSlide: {vendor}",
        };
}
