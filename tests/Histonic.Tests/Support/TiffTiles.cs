using System.Buffers.Binary;
using Histonic.Slides.Reading;

namespace Histonic.Tests.Support;

/// <summary>Changes the stored tiles of a small TIFF file (little-endian, not BigTIFF).</summary>
internal static class TiffTiles
{
    /// <summary>Fills the middle half of a tile's bytes with 0xFF, which no JPEG stream holds.</summary>
    public static void DamageTile(string path, int level, int index)
    {
        var tiles = TiffFile.Read(path)[level];
        var bytes = File.ReadAllBytes(path);
        var (from, length) = (tiles.TileOffsets[index], tiles.TileLengths[index]);
        Array.Fill(bytes, (byte)0xFF, (int)(from + (length / 4)), (int)(length / 2));
        File.WriteAllBytes(path, bytes);
    }

    /// <summary>Puts every tile of a level in the place of the one after the next, and the last ones first.</summary>
    public static void Rotate(string path, int level)
    {
        var tiles = TiffFile.Read(path)[level];
        var bytes = File.ReadAllBytes(path);
        var count = tiles.TileOffsets.Count;
        foreach (var values in new[] { tiles.TileOffsets, [.. tiles.TileLengths.Select(length => (long)length)] })
        {
            // the table of 32-bit numbers that stands somewhere in the file
            var table = new byte[count * 4];
            for (var i = 0; i < count; i++)
                BinaryPrimitives.WriteUInt32LittleEndian(table.AsSpan(i * 4), (uint)values[i]);
            var at = bytes.AsSpan().IndexOf(table);
            for (var i = 0; i < count; i++)
                table.AsSpan(i * 4, 4).CopyTo(bytes.AsSpan(at + ((i + 2) % count * 4)));
        }

        File.WriteAllBytes(path, bytes);
    }
}
