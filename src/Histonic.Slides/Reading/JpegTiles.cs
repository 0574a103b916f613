using System.Buffers;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using SkiaSharp;

namespace Histonic.Slides.Reading;

/// <summary>The JPEG tiles of one level of a TIFF file, each decoded by itself, whole or shrunk by the decoder.</summary>
/// <remarks>
/// libjpeg-turbo, which Skia and libvips both hold, gives the same bytes to both. Shrinking is done while frequencies become pixels, at
/// half the cost of a whole tile for 1/2; against means of 2 × 2 pixels it is off by a grey level or less.
/// Tiles may be decoded on several threads at once.
/// </remarks>
internal sealed class JpegTiles
{
    /// <summary>What the decoder can divide a tile's sides by.</summary>
    public static readonly IReadOnlyList<int> Reductions = [1, 2, 4, 8];

    private const int MostTileBytes = 1 << 26;

    // SOI, then an Adobe marker: whether colours are stored as YCbCr is said by TIFF's directory, not by the streams
    private static readonly byte[] _start =
    [
        0xFF,
        0xD8,
        0xFF,
        0xEE,
        0,
        14,
        (byte)'A',
        (byte)'d',
        (byte)'o',
        (byte)'b',
        (byte)'e',
        0,
        100,
        0,
        0,
        0,
        0,
        0,
    ];

    [ThreadStatic]
    private static byte[]? _rgba;

    private readonly SafeFileHandle _file;
    private readonly TiffDirectory _directory;
    private readonly byte[] _head;

    private JpegTiles(SafeFileHandle file, TiffDirectory directory)
    {
        (_file, _directory) = (file, directory);
        var tables = directory.JpegTables.Span;
        // tables without their SOI and EOI
        _head = [.. _start, .. tables.Length > 4 ? tables[2..^2] : []];
        _head[_start.Length - 1] = directory.Photometric == 6 ? (byte)1 : (byte)0;
        Columns = (directory.Width + TileWidth - 1) / TileWidth;
        Rows = (directory.Height + TileHeight - 1) / TileHeight;
    }

    public int TileWidth => _directory.TileWidth;

    public int TileHeight => _directory.TileHeight;

    public int Columns { get; }

    public int Rows { get; }

    /// <summary>The tiles of a level; null where it is not stored as 8-bit colour in JPEG tiles.</summary>
    /// <param name="file">The open file; stays the caller's.</param>
    /// <param name="directory">The level.</param>
    public static JpegTiles? Of(SafeFileHandle file, TiffDirectory directory)
    {
        if (
            directory
                is not {
                    IsTiled: true,
                    Compression: 7,
                    Channels: 3,
                    Bits: 8,
                    IsPlanar: false,
                    Photometric: 2 or 6,
                    TileWidth: <= 4096,
                    TileHeight: > 0 and <= 4096,
                }
            || directory.TileWidth % 8 != 0
            || directory.TileHeight % 8 != 0
        )
        {
            return null;
        }

        var tiles = new JpegTiles(file, directory);
        var count = (long)tiles.Columns * tiles.Rows;
        return directory.TileOffsets.Count == count && directory.TileLengths.Count == count ? tiles : null;
    }

    /// <summary>Decodes a tile.</summary>
    /// <param name="column">Its column among the tiles.</param>
    /// <param name="row">Its row among the tiles.</param>
    /// <param name="reduction">1, 2, 4 or 8: what its sides are divided by.</param>
    /// <param name="rgb">Receives (width / reduction) × (height / reduction) × 3 bytes; white where the file stores no tile.</param>
    /// <exception cref="InvalidDataException">The tile is damaged.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public void Decode(int column, int row, int reduction, Span<byte> rgb)
    {
        var index = (row * Columns) + column;
        var (width, height) = (TileWidth / reduction, TileHeight / reduction);
        rgb = rgb[..(width * height * 3)];
        var length = _directory.TileLengths[index];
        if (length == 0)
        {
            rgb.Fill(255);
            return;
        }

        if (length is < 4 or > MostTileBytes)
            throw new InvalidDataException($"it has {length} bytes");
        var stream = ArrayPool<byte>.Shared.Rent(_head.Length + (int)length - 2);
        try
        {
            // the tile's own SOI is written over by the head's last bytes
            var at = _head.Length - 2;
            var read = 0;
            while (
                read < length
                && RandomAccess.Read(
                    _file,
                    stream.AsSpan(at + read, (int)length - read),
                    _directory.TileOffsets[index] + read
                )
                    is > 0
                        and var got
            )
                read += got;
            if (read < length)
                throw new InvalidDataException("the file ends inside it");
            if (stream[at] != 0xFF || stream[at + 1] != 0xD8)
                throw new InvalidDataException("it is no JPEG stream");
            CheckScan(stream.AsSpan(at, (int)length));
            _head.CopyTo(stream.AsSpan());
            Decode(stream.AsSpan(0, at + (int)length), width, height, rgb);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(stream);
        }
    }

    /// <summary>Finds markers where a baseline stream holds nothing but coded pixels: the decoder would go on with grey.</summary>
    private static void CheckScan(ReadOnlySpan<byte> jpeg)
    {
        const byte Marker = 0xFF;
        var at = 2;
        while (at + 4 <= jpeg.Length && jpeg[at] == Marker)
        {
            var kind = jpeg[at + 1];
            if (kind is 0xC2 or (>= 0xC5 and <= 0xCF and not 0xC8 and not 0xCC))
                return; // progressive and rarer kinds hold several scans
            if (kind == Marker)
            {
                at++;
                continue;
            }

            at += 2 + ((jpeg[at + 2] << 8) | jpeg[at + 3]);
            if (kind == 0xDA)
                break;
        }

        if (at >= jpeg.Length)
            throw new InvalidDataException("its stream has no pixels");
        for (var rest = jpeg[at..]; ; )
        {
            var next = rest.IndexOf(Marker);
            if (next < 0 || next + 1 >= rest.Length)
                throw new InvalidDataException("its stream ends early");
            switch (rest[next + 1])
            {
                case 0xD9:
                    return;
                case 0 or (>= 0xD0 and <= 0xD7):
                    rest = rest[(next + 2)..];
                    break;
                case Marker when rest[(next + 1)..].IndexOfAnyExcept(Marker) is >= 0 and < 16 and var fill:
                    rest = rest[(next + fill)..]; // bytes that may stand before a marker
                    break;
                default:
                    throw new InvalidDataException("its stream is damaged");
            }
        }
    }

    private static void Decode(ReadOnlySpan<byte> jpeg, int width, int height, Span<byte> rgb)
    {
        if (_rgba is null || _rgba.Length < width * height * 4)
            _rgba = new byte[width * height * 4];
        unsafe
        {
            fixed (byte* start = jpeg)
            fixed (byte* pixels = _rgba)
            {
                using var data = SKData.Create((nint)start, jpeg.Length);
                using var codec = SKCodec.Create(data) ?? throw new InvalidDataException("it is no JPEG stream");
                var result = codec.GetPixels(
                    new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque),
                    (nint)pixels
                );
                if (result != SKCodecResult.Success)
                    throw new InvalidDataException(Words(result));
            }
        }

        WithoutAlpha(_rgba, rgb);
    }

    private static string Words(SKCodecResult result) =>
        result switch
        {
            SKCodecResult.IncompleteInput => "its stream ends early",
            SKCodecResult.ErrorInInput => "its stream is damaged",
            SKCodecResult.InvalidScale => "its size is not the tiles'",
            _ => $"the decoder says {result}",
        };

    private static void WithoutAlpha(ReadOnlySpan<byte> rgba, Span<byte> rgb)
    {
        var pixels = rgb.Length / 3;
        var colours = MemoryMarshal.Cast<byte, uint>(rgba)[..pixels];
        var i = 0;
        // four bytes are written for each pixel but the last, the fourth being overwritten by the next
        if (BitConverter.IsLittleEndian)
        {
            for (; i < pixels - 1; i++)
                MemoryMarshal.Write(rgb[(i * 3)..], colours[i]);
        }

        for (; i < pixels; i++)
            rgba.Slice(i * 4, 3).CopyTo(rgb[(i * 3)..]);
    }
}
