namespace Histonic.Slides.Reading;

/// <summary>One image of a TIFF file, as its directory describes it.</summary>
internal sealed record TiffDirectory
{
    /// <summary>Gets its place in the file's chain of directories, from 0; what vips calls the page.</summary>
    public required int Page { get; init; }

    /// <summary>Gets its place among the sub-directories of that page; null for the page itself.</summary>
    public int? SubDirectory { get; init; }

    public int Width { get; init; }

    public int Height { get; init; }

    /// <summary>Gets the width of a tile; 0 where the image is stored in strips.</summary>
    public int TileWidth { get; init; }

    public int TileHeight { get; init; }

    public int RowsPerStrip { get; init; }

    public int Compression { get; init; } = 1;

    public int Channels { get; init; } = 1;

    /// <summary>Gets the kind of image: 1 = reduced, 4 = mask, 9 = reduced and not of the slide (Aperio's macro).</summary>
    public int Subfile { get; init; }

    /// <summary>Gets pixels per <see cref="ResolutionUnit"/>, across; null when not told.</summary>
    public double? ResolutionX { get; init; }

    /// <summary>Gets pixels per <see cref="ResolutionUnit"/>, down; null when not told.</summary>
    public double? ResolutionY { get; init; }

    /// <summary>Gets the unit of the resolution: 1 = none, 2 = inch (the default), 3 = centimetre.</summary>
    public int ResolutionUnit { get; init; } = 2;

    public string Description { get; init; } = "";

    public string Software { get; init; } = "";

    /// <summary>Gets whether Hamamatsu's private tags are there: an NDPI file.</summary>
    public bool IsHamamatsu { get; init; }

    /// <summary>Gets whether Ventana's scan description is there: a BIF file, whose tiles overlap.</summary>
    public bool IsVentana { get; init; }

    /// <summary>Gets the first byte behind the pixels; a shorter file is cut short.</summary>
    public long End { get; init; }

    /// <summary>Gets how the colours are stored: 2 = RGB, 6 = YCbCr.</summary>
    public int Photometric { get; init; } = 2;

    /// <summary>Gets the bits of a colour.</summary>
    public int Bits { get; init; } = 8;

    /// <summary>Gets how pixels were made smaller before they were packed: 1 = not, 2 = as differences.</summary>
    public int Predictor { get; init; } = 1;

    /// <summary>Gets whether each colour has tiles of its own.</summary>
    public bool IsPlanar { get; init; }

    /// <summary>Gets where in the file each tile begins, row by row; empty where the image is stored in strips.</summary>
    public IReadOnlyList<long> TileOffsets { get; init; } = [];

    /// <summary>Gets the length of each tile in bytes; 0 = not stored.</summary>
    public IReadOnlyList<uint> TileLengths { get; init; } = [];

    /// <summary>Gets the tables that all JPEG tiles share: a JPEG stream without a picture; empty = each tile has its own.</summary>
    public ReadOnlyMemory<byte> JpegTables { get; init; }

    /// <summary>Gets the sub-directories: the coarser levels of an OME-TIFF.</summary>
    public IReadOnlyList<TiffDirectory> SubDirectories { get; init; } = [];

    public bool IsTiled => TileWidth > 0;

    /// <summary>Gets the compression in words.</summary>
    public string Codec =>
        Compression switch
        {
            1 => "none",
            5 => "lzw",
            6 or 7 => "jpeg",
            8 or 32946 => "deflate",
            33003 or 33005 or 34712 => "jpeg2000",
            32773 => "packbits",
            50000 => "zstd",
            50001 => "webp",
            50002 => "jpegxl",
            _ => $"tiff-{Compression}",
        };
}
