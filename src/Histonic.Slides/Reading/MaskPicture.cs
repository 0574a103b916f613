using NetVips;

namespace Histonic.Slides.Reading;

/// <summary>A picture of which only matters where it is not 0: a mask as PNG, JPEG or (pyramidal) TIFF, of any pixel type.</summary>
internal sealed class MaskPicture
{
    // JPEG's ringing round a mask is not 0, and no mask either
    private const int JpegLimit = 127;

    private readonly string _path;
    private readonly IReadOnlyList<(int Width, int Height, bool Jpeg, Func<Image> Open)> _levels;

    private MaskPicture(string path, IReadOnlyList<(int, int, bool, Func<Image>)> levels) =>
        (_path, _levels) = (path, levels);

    /// <summary>Gets the widths and heights of its levels, finest first.</summary>
    public IEnumerable<(int Width, int Height)> Levels => _levels.Select(level => (level.Width, level.Height));

    /// <summary>Opens a mask; pixels are decoded later.</summary>
    /// <exception cref="InputException">It cannot be read, or is no picture.</exception>
    public static MaskPicture Open(string path)
    {
        VipsLibrary.Prepare();
        try
        {
            var start = new byte[8];
            int read;
            using (var file = File.OpenRead(path))
                read = file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
            if (read == start.Length && TiffFile.IsTiff(start))
            {
                return new MaskPicture(
                    path,
                    [
                        .. SlideLayout
                            .Of(path, TiffFile.Read(path))
                            .Levels.Select(level =>
                                (
                                    level.Width,
                                    level.Height,
                                    level.Compression is 6 or 7,
                                    (Func<Image>)(
                                        () =>
                                            Image.Tiffload(
                                                path,
                                                page: level.Page,
                                                subifd: level.SubDirectory,
                                                failOn: Enums.FailOn.Error
                                            )
                                    )
                                )
                            ),
                    ]
                );
            }

            using var picture = Image.NewFromFile(path, failOn: Enums.FailOn.Error);
            var jpeg = start is [0xFF, 0xD8, ..];
            return new MaskPicture(
                path,
                [(picture.Width, picture.Height, jpeg, () => Image.NewFromFile(path, failOn: Enums.FailOn.Error))]
            );
        }
        catch (VipsException error)
        {
            throw Unreadable(path, VipsLibrary.Reason(error), error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(path, error.Message.TrimEnd('.'), error);
        }
    }

    /// <summary>Reads a level, shrunk.</summary>
    /// <param name="level">The level.</param>
    /// <param name="step">How many of its pixels, across and down, make one.</param>
    /// <returns>⌈width / step⌉ × ⌈height / step⌉ pixels; set where at least half of what one covers is not 0.</returns>
    /// <exception cref="InputException">The pixels cannot be decoded.</exception>
    public (int Width, int Height, bool[] Pixels) Read(int level, int step)
    {
        var (_, _, jpeg, open) = _levels[level];
        try
        {
            using var image = open();
            using var colours = image.HasAlpha() ? image.ExtractBand(0, image.Bands - 1) : image.Copy();
            using var above = colours > (jpeg ? JpegLimit : 0);
            using var any = above.Bandbool(Enums.OperationBoolean.Or);
            using var shrunk = step == 1 ? any.Copy() : any.Shrink(step, step, ceil: true);
            var bytes = shrunk.WriteToMemory<byte>();
            return (shrunk.Width, shrunk.Height, Array.ConvertAll(bytes, value => value > 127));
        }
        catch (VipsException error)
        {
            throw Unreadable(_path, VipsLibrary.Reason(error), error);
        }
    }

    private static InputException Unreadable(string path, string reason, Exception cause) =>
        new(
            path,
            $"cannot be read as a mask ({reason})",
            "Give a PNG or TIFF that is 0 where there is no tissue",
            cause
        );
}
