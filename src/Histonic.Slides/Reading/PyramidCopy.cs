using NetVips;

namespace Histonic.Slides.Reading;

/// <summary>
/// Copies of slides that give their pixels only in order (TIFF in strips, PNG, JPEG): a pyramid of tiles, of which any part can
/// be read at once. To look at such a slide without one, libvips decodes all of it into memory or a temporary file of 3 bytes a
/// pixel. (An interlaced PNG or progressive JPEG is decoded whole for its copy, too.)
/// </summary>
public static class PyramidCopy
{
    /// <summary>Pixels up to which a slide is decoded whole in less than a second, and held in 100 MB by libvips.</summary>
    private const long FewPixels = 1 << 25;

    /// <summary>Whether a slide is better looked at in a copy.</summary>
    public static bool Helps(ISlide slide) =>
        slide is VipsSlide { InOrder: not null, Levels: [var finest, ..] }
        && (long)finest.Width * finest.Height > FewPixels;

    /// <summary>
    /// Copies a slide's finest level in one pass from its top to its bottom, a few rows at a time, to JPEG tiles of 256 with
    /// levels half as wide down to one that fits a tile. Their quality is that of the pictures that are shown, which lose as much
    /// by themselves; about 0.3 bytes a pixel.
    /// </summary>
    /// <param name="slide">One that gives its pixels in order.</param>
    /// <param name="path">The file that comes to be; whole or absent.</param>
    /// <param name="progress">Told now and then which share is done, from 0 to 1.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="InputException">The slide cannot be decoded, or the copy not be written.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static void Write(ISlide slide, string path, Action<double> progress, CancellationToken cancellationToken)
    {
        if (slide is not VipsSlide { InOrder: { } open })
            throw new ArgumentException("Its tiles can be read in any order.", nameof(slide));
        AtomicFile.Write(
            path,
            partial =>
            {
                try
                {
                    using var pixels = open();
                    pixels.SetProgress(new Share(progress), cancellationToken);
                    // 1 mm: no size of a pixel of any slide, where the file tells none
                    var pixelSize = slide.PixelSize?.Value.Value ?? 1000;
                    PyramidFile.Save(
                        partial,
                        pixels,
                        1000 / pixelSize,
                        Enums.ForeignTiffCompression.Jpeg,
                        PictureFile.JpegQuality,
                        big: true
                    );
                }
                catch (VipsException error)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    throw new InputException(
                        slide.Path,
                        $"cannot be copied to {path} to be looked at ({VipsLibrary.Reason(error)})",
                        "Copy it again from its source; or, if there is no room for the copy, name a larger folder in TMPDIR",
                        error
                    );
                }
            }
        );
    }

    private sealed class Share(Action<double> told) : IProgress<int>
    {
        public void Report(int value) => told(value / 100.0);
    }
}
