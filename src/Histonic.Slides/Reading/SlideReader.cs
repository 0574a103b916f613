using Histonic.Slides.Reading.OpenSlide;
using NetVips;

namespace Histonic.Slides.Reading;

/// <summary>
/// Opens slides: TIFF, OME-TIFF and Aperio SVS with their pyramids by libvips; MIRAX, NDPI, SCN, BIF, JPEG 2000 and others by
/// OpenSlide, where it is installed; PNG and JPEG as slides of one level.
/// </summary>
public static class SlideReader
{
    /// <summary>The extensions of the files that are taken for slides in a folder.</summary>
    public static IReadOnlyList<string> Extensions { get; } =
    [
        ".svs",
        ".tif",
        ".tiff",
        ".btf",
        ".mrxs",
        ".ndpi",
        ".scn",
        ".bif",
        ".vms",
        ".vmu",
        ".svslide",
        ".czi",
        ".png",
        ".jpg",
        ".jpeg",
    ];

    /// <summary>Formats that are no TIFF, look like another, or need more than a TIFF reader: OpenSlide's alone.</summary>
    private static readonly Dictionary<string, string> _openSlideFormats = new(StringComparer.OrdinalIgnoreCase)
    {
        [".mrxs"] = "a MIRAX",
        [".ndpi"] = "a Hamamatsu NDPI",
        [".vms"] = "a Hamamatsu VMS",
        [".vmu"] = "a Hamamatsu VMU",
        [".scn"] = "a Leica SCN",
        [".bif"] = "a Ventana BIF",
        [".svslide"] = "a Sakura",
        [".czi"] = "a Zeiss CZI",
        [".dcm"] = "a DICOM",
    };

    private static readonly HashSet<string> _otherSlides = new(StringComparer.OrdinalIgnoreCase) { ".vsi", ".isyntax" };

    /// <summary>Opens a slide. Reads its directories; pixels are decoded when they are asked for.</summary>
    /// <param name="path">The file.</param>
    /// <param name="pixelSize">Its pixel size, when the file tells none or a wrong one; null = as the file tells.</param>
    /// <exception cref="InputException">The file is missing, a folder, empty, unreadable, cut short, or no image.</exception>
    /// <exception cref="OptionException">The pixel size cannot be one.</exception>
    public static ISlide Open(string path, Microns? pixelSize = null)
    {
        if (pixelSize is { Value: not (>= 0.05 and <= 100) })
            throw new OptionException("the pixel size of a slide", pixelSize, "from 0.05 to 100 µm");
        var start = FirstBytes(path);
        VipsLibrary.Prepare();
        PixelSize? given = pixelSize is { } value ? new PixelSize(value, "override") : null;
        try
        {
            if (_openSlideFormats.TryGetValue(Path.GetExtension(path), out var format))
                return OpenByOpenSlide(path, format, given);
            if (!TiffFile.IsTiff(start))
                return OpenPicture(path, start, given);
            var pages = TiffFile.Read(path);
            return pages.Count > 0 && SlideLayout.OpenSlideFormatOf(pages) is { } foreign
                ? OpenByOpenSlide(path, foreign, given)
                : OpenTiff(path, pages, given);
        }
        catch (VipsException error)
        {
            throw new InputException(
                path,
                $"cannot be opened as an image ({VipsLibrary.Reason(error)})",
                "Copy it again from its source, or convert it to TIFF",
                error
            );
        }
    }

    private static OpenSlideSlide OpenByOpenSlide(string path, string format, PixelSize? given)
    {
        if (!OpenSlideLibrary.IsInstalled)
            throw new InputException(
                path,
                $"is {format} file, which OpenSlide reads; it is not installed",
                $"{OpenSlideLibrary.InstallHint}; or convert the slide to a pyramidal TIFF (bfconvert)"
            );
        return OpenSlideLibrary.Fault is { } fault
            ? throw new InputException(path, $"would be read wrongly: {fault}", OpenSlideLibrary.FaultRemedy)
            : OpenSlideSlide.Open(path, given);
    }

    private static VipsSlide OpenTiff(string path, IReadOnlyList<TiffDirectory> pages, PixelSize? given)
    {
        var layout = SlideLayout.Of(path, pages);
        var length = FileLength.Of(path);
        var end = layout.Levels.Max(level => level.End);
        if (end > length)
            throw new InputException(
                path,
                $"is cut short: its pixels reach to byte {end}, the file ends at {length}",
                "Copy it again from its source"
            );
        var finest = layout.Levels[0];
        var levels = new List<(SlideLevel, Image?)>();
        var kept = new List<IDisposable>();
        var file = File.OpenHandle(path, share: FileShare.ReadWrite);
        kept.Add(file);
        var tiles = layout.Levels.Select(one => layout.Planes.Count > 0 ? null : JpegTiles.Of(file, one)).ToList();
        foreach (var directory in layout.Levels)
        {
            var level = new SlideLevel(
                levels.Count,
                directory.Width,
                directory.Height,
                (((double)finest.Width / directory.Width) + ((double)finest.Height / directory.Height)) / 2,
                directory.IsTiled ? directory.TileWidth : directory.Width,
                directory.IsTiled ? directory.TileHeight
                    : directory.RowsPerStrip > 0 ? Math.Min(directory.RowsPerStrip, directory.Height)
                    : directory.Height,
                directory.Codec
            );
            levels.Add((level, tiles[levels.Count] is null ? OpenLevel(path, directory, layout.Planes, kept) : null));
        }

        return new VipsSlide(
            path,
            layout.Format,
            given is { } size ? size : PixelSizeFinder.Of(finest),
            PixelSizeFinder.ObjectiveOf(finest),
            levels,
            layout.Associated.ToDictionary(
                pair => pair.Key,
                pair => (Func<Image>)(() => OpenDirectory(path, pair.Value)),
                StringComparer.Ordinal
            ),
            kept,
            tiles,
            finest.IsTiled ? null : () => OpenLevel(path, finest, layout.Planes, kept, Enums.Access.Sequential)
        );
    }

    /// <summary>Opens a level; where red, green and blue are apart (pages, or tiles of their own), all three.</summary>
    private static Image OpenLevel(
        string path,
        TiffDirectory level,
        IReadOnlyList<int> planes,
        List<IDisposable> kept,
        Enums.Access access = Enums.Access.Random
    )
    {
        Image Plane(int colour)
        {
            if (planes.Count > 0)
                // a coarser level's page is as far from that of its red as the finest level's
                return Load(path, level with { Page = planes[colour] }, access);
            var stream = new TiffPlaneStream(path, level, colour);
            kept.Add(stream);
            return Image.NewFromStream(stream, failOn: FailOn(level));
        }

        if (planes.Count == 0 && !(level is { IsPlanar: true, IsTiled: true, Channels: 3 }))
            return OpenDirectory(path, level, access);
        using var red = Plane(0);
        using var green = Plane(1);
        using var blue = Plane(2);
        var size = (red.Width, red.Height, 1);
        if (
            red.Bands != 1
            || (green.Width, green.Height, green.Bands) != size
            || (blue.Width, blue.Height, blue.Bands) != size
        )
            throw new InputException(
                path,
                "has planes of red, green and blue of different sizes",
                "Convert it to RGB pixels (bfconvert)"
            );
        using var joined = red.Bandjoin(green, blue);
        return VipsPixels.ToRgb(
            path,
            joined.Copy(
                interpretation: joined.Format == Enums.BandFormat.Ushort
                    ? Enums.Interpretation.Rgb16
                    : Enums.Interpretation.Srgb
            )
        );
    }

    private static Image OpenDirectory(
        string path,
        TiffDirectory directory,
        Enums.Access access = Enums.Access.Random
    ) => VipsPixels.ToRgb(path, Load(path, directory, access));

    private static Image Load(string path, TiffDirectory directory, Enums.Access access) =>
        Image.Tiffload(
            path,
            page: directory.Page,
            subifd: directory.SubDirectory,
            access: access,
            failOn: FailOn(directory)
        );

    // Other tiles than JPEG's come through half decoded unless warnings fail too; JPEG's warnings are often harmless.
    private static Enums.FailOn FailOn(TiffDirectory directory) =>
        directory.Compression is 6 or 7 ? Enums.FailOn.Error : Enums.FailOn.Warning;

    private static VipsSlide OpenPicture(string path, ReadOnlySpan<byte> start, PixelSize? given)
    {
        var png = start.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'P', (byte)'N', (byte)'G']);
        if (!png && !start.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]))
            throw NotAnImage(path);
        Image Load(Enums.Access access) =>
            VipsPixels.ToRgb(
                path,
                png
                    ? Image.Pngload(path, access: access, failOn: Enums.FailOn.Error)
                    : Image.Jpegload(path, access: access, failOn: Enums.FailOn.Error)
            );
        var image = Load(Enums.Access.Random);
        return new VipsSlide(
            path,
            png ? "PNG" : "JPEG",
            given is { } size ? size
                : png ? PixelSizeFinder.OfPng(path)
                : default,
            null,
            [(new SlideLevel(0, image.Width, image.Height, 1, image.Width, image.Height, png ? "png" : "jpeg"), image)],
            new Dictionary<string, Func<Image>>(StringComparer.Ordinal),
            inOrder: () => Load(Enums.Access.Sequential)
        );
    }

    private static InputException NotAnImage(string path) =>
        _otherSlides.Contains(Path.GetExtension(path))
            ? new InputException(
                path,
                $"is a {Path.GetExtension(path)} file, which is not read",
                "Convert it to a pyramidal TIFF (bfconvert, or vips tiffsave with OpenSlide) and give that"
            )
            : new InputException(
                path,
                "is no image that can be read (neither TIFF, SVS, PNG nor JPEG)",
                "Give a slide, or convert it to TIFF"
            );

    private static byte[] FirstBytes(string path)
    {
        if (Directory.Exists(path))
            throw new InputException(path, "is a folder, not a slide", "Give the files in it");
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            var start = new byte[16];
            var count = file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
            return count switch
            {
                0 => throw new InputException(path, "is empty (0 bytes)", "Copy it again from its source"),
                < 8 => throw NotAnImage(path),
                _ => start,
            };
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InputException(path, "does not exist", "Check the path", error);
        }
        catch (UnauthorizedAccessException error)
        {
            throw new InputException(path, "may not be read by this user", "Change its permissions", error);
        }
        catch (IOException error)
        {
            throw new InputException(path, $"cannot be read ({error.Message})", "Check the disk or network", error);
        }
    }
}
