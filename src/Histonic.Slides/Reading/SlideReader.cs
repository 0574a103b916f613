using NetVips;

namespace Histonic.Slides.Reading;

/// <summary>Opens slides: TIFF and Aperio SVS with their pyramids; PNG and JPEG as slides of one level.</summary>
public static class SlideReader
{
    /// <summary>The extensions of the files that are taken for slides in a folder.</summary>
    public static IReadOnlyList<string> Extensions { get; } =
    [".svs", ".tif", ".tiff", ".btf", ".png", ".jpg", ".jpeg"];

    private static readonly HashSet<string> _otherSlides = new(StringComparer.OrdinalIgnoreCase)
    {
        ".mrxs",
        ".ndpi",
        ".vms",
        ".vmu",
        ".scn",
        ".bif",
        ".czi",
        ".dcm",
        ".vsi",
        ".isyntax",
    };

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
            return TiffFile.IsTiff(start) ? OpenTiff(path, given) : OpenPicture(path, start, given);
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

    private static VipsSlide OpenTiff(string path, PixelSize? given)
    {
        var layout = SlideLayout.Of(path, TiffFile.Read(path));
        var length = new FileInfo(path).Length;
        var end = layout.Levels.Max(level => level.End);
        if (end > length)
            throw new InputException(
                path,
                $"is cut short: its pixels reach to byte {end}, the file ends at {length}",
                "Copy it again from its source"
            );
        var finest = layout.Levels[0];
        var levels = new List<(SlideLevel, Image)>();
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
            levels.Add((level, OpenDirectory(path, directory)));
        }

        var file = File.OpenHandle(path, share: FileShare.ReadWrite);
        return new VipsSlide(
            path,
            layout.Format,
            given ?? PixelSizeFinder.Of(finest),
            PixelSizeFinder.ObjectiveOf(finest),
            levels,
            layout.Associated.ToDictionary(
                pair => pair.Key,
                pair => (Func<Image>)(() => OpenDirectory(path, pair.Value)),
                StringComparer.Ordinal
            ),
            file,
            [.. layout.Levels.Select(directory => JpegTiles.Of(file, directory))]
        );
    }

    private static Image OpenDirectory(string path, TiffDirectory directory) =>
        VipsPixels.ToRgb(
            path,
            Image.Tiffload(
                path,
                page: directory.Page,
                subifd: directory.SubDirectory,
                // Other tiles than JPEG's come through half decoded unless warnings fail too; JPEG's warnings are often harmless.
                failOn: directory.Compression is 6 or 7 ? Enums.FailOn.Error : Enums.FailOn.Warning
            )
        );

    private static VipsSlide OpenPicture(string path, ReadOnlySpan<byte> start, PixelSize? given)
    {
        var png = start.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'P', (byte)'N', (byte)'G']);
        if (!png && !start.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]))
            throw NotAnImage(path);
        var image = VipsPixels.ToRgb(
            path,
            png ? Image.Pngload(path, failOn: Enums.FailOn.Error) : Image.Jpegload(path, failOn: Enums.FailOn.Error)
        );
        return new VipsSlide(
            path,
            png ? "PNG" : "JPEG",
            given ?? (png ? PixelSizeFinder.OfPng(path) : null),
            null,
            [(new SlideLevel(0, image.Width, image.Height, 1, image.Width, image.Height, png ? "png" : "jpeg"), image)],
            new Dictionary<string, Func<Image>>(StringComparer.Ordinal)
        );
    }

    private static InputException NotAnImage(string path) =>
        _otherSlides.Contains(Path.GetExtension(path))
            ? new InputException(
                path,
                $"is a {Path.GetExtension(path)} file, which is not read yet",
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
