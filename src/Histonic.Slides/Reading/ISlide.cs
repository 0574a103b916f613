namespace Histonic.Slides.Reading;

/// <summary>An open whole-slide image: a pyramid of levels over one coordinate system, that of level 0.</summary>
/// <remarks>Regions may be read from several threads at once.</remarks>
public interface ISlide : IDisposable
{
    /// <summary>Gets the file.</summary>
    string Path { get; }

    /// <summary>Gets the file's name without folder and extension: what label tables call the slide.</summary>
    string Name { get; }

    /// <summary>Gets the format in words, such as "Aperio SVS" or "TIFF".</summary>
    string Format { get; }

    /// <summary>Gets the levels, finest first; at least one. Thumbnail, label and macro are not among them.</summary>
    IReadOnlyList<SlideLevel> Levels { get; }

    /// <summary>Gets the pixel size of level 0 and where it was found; null when the file does not tell.</summary>
    PixelSize? PixelSize { get; }

    /// <summary>Gets what the file says of its pixel size that cannot be, when it tells no believable one; else null.</summary>
    string? PixelSizeProblem => null;

    /// <summary>
    /// Gets where the slide's top-left corner lies in the plane of the file's scan, in pixels of level 0: OpenSlide's
    /// bounds. All coordinates here count from that corner, as QuPath's do; CLAM's, TRIDENT's and ASAP's count from the
    /// plane's. (0, 0) for formats without bounds.
    /// </summary>
    (long X, long Y) BoundsCorner => (0, 0);

    /// <summary>Gets the objective's magnification, when the file tells.</summary>
    double? Objective { get; }

    /// <summary>Gets the names of associated images ("label", "macro", "thumbnail").</summary>
    IReadOnlyList<string> AssociatedImages { get; }

    /// <summary>Reads a rectangle of one level as 8-bit RGB.</summary>
    /// <param name="level">The level's index.</param>
    /// <param name="x">Left edge in pixels of that level; may be negative.</param>
    /// <param name="y">Top edge in pixels of that level; may be negative.</param>
    /// <param name="width">Width in pixels of that level.</param>
    /// <param name="height">Height in pixels of that level.</param>
    /// <param name="rgb">Receives width × height × 3 bytes, row by row. What lies outside the slide is white.</param>
    /// <exception cref="InputException">The pixels cannot be decoded.</exception>
    void ReadRegion(int level, int x, int y, int width, int height, Span<byte> rgb);

    /// <summary>What the decoder of a level can divide its sides by while it decodes, cheaper than reading all pixels; begins with 1.</summary>
    /// <param name="level">The level's index.</param>
    IReadOnlyList<int> Reductions(int level) => [1];

    /// <summary>Asks to keep decoded tiles from now on, for reads that come back to them soon.</summary>
    /// <param name="level">The level's index.</param>
    /// <param name="reduction">One of <see cref="Reductions"/>.</param>
    /// <param name="count">How many.</param>
    /// <returns>Whether it keeps them. Where not, reading row by row across the slide is cheapest: libvips keeps rows of tiles.</returns>
    bool KeepTiles(int level, int reduction, int count) => false;

    /// <summary>Reads a rectangle of one level, shrunk by its decoder to about the means of squares of pixels.</summary>
    /// <param name="level">The level's index.</param>
    /// <param name="reduction">One of <see cref="Reductions"/>.</param>
    /// <param name="x">Left edge in reduced pixels; may be negative.</param>
    /// <param name="y">Top edge in reduced pixels; may be negative.</param>
    /// <param name="width">Width in reduced pixels.</param>
    /// <param name="height">Height in reduced pixels.</param>
    /// <param name="rgb">Receives width × height × 3 bytes, row by row. What lies outside the slide, or in it only in part, is white.</param>
    /// <exception cref="InputException">The pixels cannot be decoded.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The level has no such reduction.</exception>
    void ReadReduced(int level, int reduction, int x, int y, int width, int height, Span<byte> rgb)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(reduction, 1);
        ReadRegion(level, x, y, width, height, rgb);
    }

    /// <summary>Reads an associated image.</summary>
    /// <param name="name">One of <see cref="AssociatedImages"/>.</param>
    RgbImage ReadAssociated(string name);

    /// <summary>Reads the whole slide, shrunk by averaging.</summary>
    /// <param name="downsample">Level-0 pixels per pixel of the result, at least 1.</param>
    /// <returns>⌈width / downsample⌉ × ⌈height / downsample⌉ pixels.</returns>
    RgbImage ReadShrunk(double downsample);
}
