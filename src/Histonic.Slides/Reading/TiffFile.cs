using System.Buffers.Binary;
using System.Text;

namespace Histonic.Slides.Reading;

/// <summary>The directories of a TIFF or BigTIFF file: what libtiff reads too, but vips does not hand on.</summary>
internal sealed class TiffFile
{
    private const int MaxDirectories = 4096;
    private const int MaxSubDirectories = 64;

    private readonly FileStream _file;
    private readonly string _path;
    private readonly bool _littleEndian;
    private readonly bool _big;

    private TiffFile(FileStream file, string path, bool littleEndian, bool big) =>
        (_file, _path, _littleEndian, _big) = (file, path, littleEndian, big);

    /// <summary>Whether the first bytes of a file are those of a TIFF.</summary>
    public static bool IsTiff(ReadOnlySpan<byte> start) =>
        start is [(byte)'I', (byte)'I', 42 or 43, 0, ..] or [(byte)'M', (byte)'M', 0, 42 or 43, ..];

    /// <summary>Reads every directory.</summary>
    /// <exception cref="InputException">The file ends inside a directory, or the directories make no sense.</exception>
    public static IReadOnlyList<TiffDirectory> Read(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 1 << 16);
        Span<byte> start = stackalloc byte[4];
        file.ReadExactly(start);
        var littleEndian = start[0] == 'I';
        var reader = new TiffFile(file, path, littleEndian, (littleEndian ? start[2] : start[3]) == 43);
        try
        {
            return reader.ReadAll();
        }
        catch (Exception error)
            when (error is EndOfStreamException or OverflowException or ArgumentOutOfRangeException or IOException)
        {
            throw reader.CutShort(error);
        }
    }

    private List<TiffDirectory> ReadAll()
    {
        var directories = new List<TiffDirectory>();
        var seen = new HashSet<long>();
        for (var at = _big ? (long)U64(8) : U32(4); at != 0 && seen.Add(at) && directories.Count < MaxDirectories; )
        {
            var (directory, next) = ReadDirectory(at, directories.Count, null);
            directories.Add(directory);
            at = next;
        }

        return directories;
    }

    private (TiffDirectory Directory, long Next) ReadDirectory(long at, int page, int? sub)
    {
        if (at >= _file.Length)
            throw CutShort(null);
        var count = _big ? checked((int)U64(at)) : U16(at);
        var entry = at + (_big ? 8 : 2);
        var size = _big ? 20 : 12;
        if (entry + ((long)count * size) > _file.Length)
            throw CutShort(null);
        var fields = new Dictionary<int, Field>(count);
        for (var i = 0; i < count; i++, entry += size)
        {
            var type = U16(entry + 2);
            var values = _big ? checked((long)U64(entry + 4)) : U32(entry + 4);
            var data = entry + (_big ? 12 : 8);
            if (values * SizeOf(type) > (_big ? 8 : 4))
            {
                data = _big ? checked((long)U64(data)) : U32(data);
                if (data + (values * SizeOf(type)) > _file.Length)
                    throw CutShort(null);
            }

            fields[U16(entry)] = new Field(type, values, data);
        }

        var next = _big ? checked((long)U64(entry)) : U32(entry);
        return (Describe(fields, page, sub), next);
    }

    private TiffDirectory Describe(Dictionary<int, Field> fields, int page, int? sub)
    {
        int Number(int tag, int missing) =>
            fields.TryGetValue(tag, out var field) && field.Count > 0
                ? (int)Math.Min(int.MaxValue, Integer(field.Data, field.Type))
                : missing;
        long[] Numbers(int tag) =>
            fields.TryGetValue(tag, out var field) ? Values(field.Data, field.Type, field.Count, number => number) : [];
        string Words(int tag) => fields.TryGetValue(tag, out var field) ? Text(field.Data, field.Count) : "";
        double? Ratio(int tag) => fields.TryGetValue(tag, out var field) ? Rational(field.Data) : null;

        var tiled = fields.ContainsKey(324);
        var offsets = Numbers(tiled ? 324 : 273);
        uint[] lengths = fields.TryGetValue(tiled ? 325 : 279, out var bytes)
            ? Values(bytes.Data, bytes.Type, bytes.Count, length => checked((uint)length))
            : [];
        return new TiffDirectory
        {
            Page = page,
            SubDirectory = sub,
            Subfile = Number(254, 0),
            Width = Number(256, 0),
            Height = Number(257, 0),
            Compression = Number(259, 1),
            Description = Words(270),
            Channels = Number(277, 1),
            RowsPerStrip = Number(278, 0),
            ResolutionX = Ratio(282),
            ResolutionY = Ratio(283),
            ResolutionUnit = Number(296, 2),
            Software = Words(305),
            TileWidth = tiled ? Number(322, 0) : 0,
            TileHeight = tiled ? Number(323, 0) : 0,
            IsHamamatsu = fields.ContainsKey(65420),
            IsVentana = Words(700).Contains("iScan", StringComparison.Ordinal),
            End = offsets.Zip(lengths, (from, length) => from + length).DefaultIfEmpty().Max(),
            Photometric = Number(262, 2),
            Bits = Number(258, 1),
            Predictor = Number(317, 1),
            IsPlanar = Number(284, 1) == 2,
            TileOffsets = tiled ? offsets : [],
            TileLengths = tiled ? lengths : [],
            JpegTables = fields.TryGetValue(347, out var tables) ? BytesOf(tables) : default,
            SubDirectories = sub is null
                ? [.. Numbers(330).Take(MaxSubDirectories).Select((from, i) => ReadDirectory(from, page, i).Directory)]
                : [],
        };
    }

    private InputException CutShort(Exception? cause) =>
        new(
            _path,
            $"is cut short or damaged: its TIFF directories reach beyond its end ({_file.Length} bytes)",
            "Copy it again from its source",
            cause
        );

    private static int SizeOf(int type) =>
        type switch
        {
            3 or 8 => 2,
            4 or 9 or 11 or 13 => 4,
            5 or 10 or 12 or 16 or 17 or 18 => 8,
            _ => 1,
        };

    private long Integer(long at, int type) =>
        SizeOf(type) switch
        {
            1 => Bytes(at, stackalloc byte[1])[0],
            2 => U16(at),
            4 => U32(at),
            _ => checked((long)U64(at)),
        };

    private T[] Values<T>(long at, int type, long count, Func<long, T> of)
    {
        if (at + (count * SizeOf(type)) > _file.Length)
            throw CutShort(null);
        var values = new T[count];
        for (long i = 0; i < count; i++)
            values[i] = of(Integer(at + (i * SizeOf(type)), type));
        return values;
    }

    private double? Rational(long at)
    {
        double below = U32(at + 4);
        return below > 0 ? U32(at) / below : null;
    }

    private string Text(long at, long count)
    {
        if (at + count > _file.Length)
            throw CutShort(null);
        return Encoding.UTF8.GetString(Bytes(at, new byte[count])).TrimEnd('\0');
    }

    private byte[] BytesOf(Field field)
    {
        if (field.Data + field.Count > _file.Length)
            throw CutShort(null);
        var bytes = new byte[field.Count];
        Bytes(field.Data, bytes);
        return bytes;
    }

    private ushort U16(long at)
    {
        var bytes = Bytes(at, stackalloc byte[2]);
        return _littleEndian
            ? BinaryPrimitives.ReadUInt16LittleEndian(bytes)
            : BinaryPrimitives.ReadUInt16BigEndian(bytes);
    }

    private uint U32(long at)
    {
        var bytes = Bytes(at, stackalloc byte[4]);
        return _littleEndian
            ? BinaryPrimitives.ReadUInt32LittleEndian(bytes)
            : BinaryPrimitives.ReadUInt32BigEndian(bytes);
    }

    private ulong U64(long at)
    {
        var bytes = Bytes(at, stackalloc byte[8]);
        return _littleEndian
            ? BinaryPrimitives.ReadUInt64LittleEndian(bytes)
            : BinaryPrimitives.ReadUInt64BigEndian(bytes);
    }

    private Span<byte> Bytes(long at, Span<byte> into)
    {
        if (_file.Position != at)
            _file.Position = at;
        _file.ReadExactly(into);
        return into;
    }

    /// <summary>One entry of a directory.</summary>
    /// <param name="Type">The type of its values.</param>
    /// <param name="Count">How many there are.</param>
    /// <param name="Data">Where they stand in the file.</param>
    private readonly record struct Field(int Type, long Count, long Data);
}
