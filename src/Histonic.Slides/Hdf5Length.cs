using System.Buffers.Binary;

namespace Histonic.Slides;

/// <summary>Whether an HDF5 file is as long as its superblock says: PureHDF reads for ever in some that were cut short.</summary>
/// <remarks>HDF5 File Format Specification 3.0, II.A: versions 0 and 1 (h5py's default) and 2 and 3 (ours).</remarks>
public static class Hdf5Length
{
    private const int VersionAt = 8;

    /// <summary>Refuses a file that was cut short.</summary>
    /// <param name="path">The file; one without HDF5's signature is let pass.</param>
    /// <param name="remedy">What the user can do.</param>
    /// <exception cref="InputException">It is shorter than it should be.</exception>
    public static void Check(string path, string remedy)
    {
        using var file = File.OpenRead(path);
        var start = new byte[64];
        var read = file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        if (!start.AsSpan().StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'H', (byte)'D', (byte)'F']))
            return; // what it is instead is told by who reads it
        // where the address of the end stands; all four have addresses of 8 bytes in every file seen
        var at = start[VersionAt] switch
        {
            0 => 40,
            1 => 44,
            _ => 28,
        };
        var end = BinaryPrimitives.ReadUInt64LittleEndian(start.AsSpan(at));
        if (read < at + sizeof(ulong) || (ulong)file.Length < end)
            throw new InputException(path, $"is cut short: it should end at byte {end} and has {file.Length}", remedy);
    }
}
