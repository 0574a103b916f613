namespace Histonic.Slides.Reading;

/// <summary>
/// One colour of a TIFF whose colours have tiles of their own, as a grey TIFF without a copy: the file's bytes under a
/// BigTIFF header, with one directory behind them that lists that colour's tiles. libvips reads grey tiles, but not these.
/// </summary>
internal sealed class TiffPlaneStream : Stream
{
    private const int HeaderLength = 16;
    private const int EntryLength = 20;

    private readonly FileStream _file;
    private readonly byte[] _header = new byte[HeaderLength];
    private readonly byte[] _directory;

    /// <summary>Lays a directory behind a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="image">An image whose colours have tiles of their own.</param>
    /// <param name="plane">The colour, 0 to 2.</param>
    public TiffPlaneStream(string path, TiffDirectory image, int plane)
    {
        _file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 1 << 16);
        var little = _file.ReadByte() == 'I';
        var tiles = image.TileOffsets.Count / image.Channels;
        var at = (_file.Length + 7) / 8 * 8;
        Length = at;
        (_header[0], _header[1]) = little ? ((byte)'I', (byte)'I') : ((byte)'M', (byte)'M');
        Put(_header, 2, 43, 2);
        Put(_header, 4, 8, 2);
        Put(_header, 8, at, 8);

        var entries = new List<(int Tag, int Type, int Size, IReadOnlyList<long> Values)>
        {
            (256, 4, 4, [image.Width]),
            (257, 4, 4, [image.Height]),
            (258, 3, 2, [image.Bits]),
            (259, 3, 2, [image.Compression]),
            (262, 3, 2, [1]), // black is zero
            (277, 3, 2, [1]),
            (284, 3, 2, [1]),
            (317, 3, 2, [image.Predictor]),
            (322, 4, 4, [image.TileWidth]),
            (323, 4, 4, [image.TileHeight]),
            (324, 16, 8, [.. image.TileOffsets.Skip(plane * tiles).Take(tiles)]),
            (325, 16, 8, [.. image.TileLengths.Skip(plane * tiles).Take(tiles).Select(length => (long)length)]),
        };
        if (!image.JpegTables.IsEmpty)
            entries.Add((347, 7, 1, [.. image.JpegTables.ToArray().Select(value => (long)value)]));
        var values = 8 + (entries.Count * EntryLength) + 8;
        _directory = new byte[
            values
                + entries
                    .Where(entry => entry.Values.Count * entry.Size > 8)
                    .Sum(entry => (entry.Values.Count * entry.Size) + 8)
        ];
        Put(_directory, 0, entries.Count, 8);
        for (var i = 0; i < entries.Count; i++)
        {
            var (tag, type, size, list) = entries[i];
            var entry = 8 + (i * EntryLength);
            Put(_directory, entry, tag, 2);
            Put(_directory, entry + 2, type, 2);
            Put(_directory, entry + 4, list.Count, 8);
            var place = entry + 12;
            if (list.Count * size > 8)
            {
                Put(_directory, place, at + values, 8);
                place = values;
                values += ((list.Count * size) + 7) / 8 * 8;
            }

            foreach (var value in list)
            {
                Put(_directory, place, value, size);
                place += size;
            }
        }

        Length = at + _directory.Length;

        void Put(byte[] into, int place, long value, int size)
        {
            var target = into.AsSpan(place, size);
            for (var i = 0; i < size; i++)
                target[little ? i : size - 1 - i] = (byte)(value >> (8 * i));
        }
    }

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length { get; }

    public override long Position { get; set; }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        var behind = Length - _directory.Length;
        var read = 0;
        if (Position < HeaderLength)
        {
            read = Copy(_header, Position, buffer);
        }
        else if (Position < _file.Length)
        {
            _file.Position = Position;
            read = _file.Read(buffer);
        }
        else if (Position < behind)
        {
            read = (int)Math.Min(behind - Position, buffer.Length);
            buffer[..read].Clear();
        }
        else if (Position < Length)
        {
            read = Copy(_directory, Position - behind, buffer);
        }

        Position += read;
        return read;
    }

    public override long Seek(long offset, SeekOrigin origin) =>
        Position =
            offset
            + (
                origin switch
                {
                    SeekOrigin.Current => Position,
                    SeekOrigin.End => Length,
                    _ => 0,
                }
            );

    public override void Flush() { }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _file.Dispose();
        base.Dispose(disposing);
    }

    private static int Copy(byte[] from, long at, Span<byte> to)
    {
        var part = from.AsSpan((int)at);
        var count = Math.Min(part.Length, to.Length);
        part[..count].CopyTo(to);
        return count;
    }
}
