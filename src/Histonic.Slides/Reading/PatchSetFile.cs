using System.Collections.Concurrent;
using PureHDF;
using PureHDF.Selections;
using PureHDF.VOL.Native;

namespace Histonic.Slides.Reading;

/// <summary>A set of labelled patches in HDF5, in the layout of PatchCamelyon: x (n × height × width × 3, uint8) and y (n or n × 1 × 1 × 1, integers).</summary>
/// <remarks>
/// Patches are read one by one; the set is never held whole. HDF5 decodes whole chunks: of a set whose chunks hold several patches, the last few chunks are
/// kept decoded (<see cref="KeptBytes"/>), so that reading in order decodes each once; a patch at random costs its whole chunk. May be read
/// from several threads at once.
/// </remarks>
public sealed class PatchSetFile : IDisposable
{
    /// <summary>How many bytes of decoded chunks are kept, at most (but two chunks at least).</summary>
    public const long KeptBytes = 128L << 20;

    private static readonly byte[] _signature = [0x89, (byte)'H', (byte)'D', (byte)'F', 0x0D, 0x0A, 0x1A, 0x0A];

    private readonly ConcurrentBag<NativeFile> _idle = []; // one reader a thread: a file has one position
    private readonly Lock _gate = new();
    private readonly Dictionary<int, Lazy<byte[]>> _blocks = [];
    private readonly LinkedList<int> _order = []; // of use, the latest last

    private PatchSetFile(string path, int count, int height, int width, int chunk, IReadOnlyList<long> labels)
    {
        (Path, Count, Height, Width, PatchesOfChunk, Labels) = (path, count, height, width, chunk, labels);
    }

    /// <summary>Gets the file of the pixels.</summary>
    public string Path { get; }

    /// <summary>Gets the number of patches.</summary>
    public int Count { get; }

    /// <summary>Gets the height of a patch in pixels.</summary>
    public int Height { get; }

    /// <summary>Gets the width of a patch in pixels.</summary>
    public int Width { get; }

    /// <summary>Gets how many patches are decoded to read one: those of a chunk; 1 where the pixels are not compressed.</summary>
    public int PatchesOfChunk { get; }

    /// <summary>Gets the label of each patch.</summary>
    public IReadOnlyList<long> Labels { get; }

    private int PatchBytes => Height * Width * 3;

    /// <summary>Opens a set: reads its labels, and no pixels.</summary>
    /// <param name="path">The file with x. The labels y are in it too, or, of a file named …_x.h5, in …_y.h5 beside it.</param>
    /// <exception cref="InputException">A file is missing, not HDF5, or not of this layout.</exception>
    public static PatchSetFile Open(string path)
    {
        CheckSignature(path);
        Hdf5Length.Check(path, "Download or copy it again");
        try
        {
            using var file = H5File.OpenRead(path);
            if (!file.LinkExists("x"))
                throw Foreign(path, "has no data set x", "Give the file with the pixels (of PatchCamelyon …_x.h5)");
            var x = file.Dataset("x");
            if (
                x.Space.Dimensions is not [var n, var height and > 0, var width and > 0, 3]
                || x.Type is not { Class: H5DataTypeClass.FixedPoint, Size: 1, FixedPoint.IsSigned: false }
            )
            {
                throw Foreign(
                    path,
                    $"has an x of {string.Join(" × ", x.Space.Dimensions)} {x.Type.Class} of {x.Type.Size} bytes",
                    "x holds n × height × width × 3 bytes (uint8), the colours last"
                );
            }

            var labels = file.LinkExists("y") ? ReadLabels(path, file) : ReadLabelsBeside(path);
            if ((ulong)labels.Length != n)
                throw Foreign(
                    path,
                    $"has {n} patches and {labels.Length} labels",
                    "Check that x and y belong together"
                );
            var chunk = x.Layout.Class == H5DataLayoutClass.Chunked && x.Layout.Chunks is [var first, ..] ? first : 1;
            return new PatchSetFile(
                path,
                labels.Length,
                (int)height,
                (int)width,
                (int)Math.Clamp(chunk, 1, Math.Max(1, n)),
                labels
            );
        }
        catch (Exception error) when (error is not HistonicException)
        {
            throw Damaged(path, error);
        }
    }

    /// <summary>Reads a patch.</summary>
    /// <param name="index">From 0.</param>
    /// <exception cref="InputException">It cannot be decoded.</exception>
    public RgbImage Read(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
        if (PatchesOfChunk == 1)
            return new RgbImage(Width, Height, Decode(index, 1));
        var (block, inside) = Math.DivRem(index, PatchesOfChunk);
        var pixels = BlockOf(block).Value.AsSpan(inside * PatchBytes, PatchBytes).ToArray();
        return new RgbImage(Width, Height, pixels);
    }

    /// <summary>Closes the file.</summary>
    public void Dispose()
    {
        while (_idle.TryTake(out var file))
            file.Dispose();
    }

    private Lazy<byte[]> BlockOf(int block)
    {
        lock (_gate)
        {
            if (_blocks.TryGetValue(block, out var held))
            {
                _order.Remove(block);
            }
            else
            {
                var first = block * PatchesOfChunk;
                held = new Lazy<byte[]>(() => Decode(first, Math.Min(PatchesOfChunk, Count - first)));
                _blocks[block] = held;
            }

            _order.AddLast(block);
            var most = Math.Max(2, KeptBytes / ((long)PatchesOfChunk * PatchBytes));
            for (; _order.Count > most; _order.RemoveFirst())
                _blocks.Remove(_order.First!.Value);
            return held;
        }
    }

    private byte[] Decode(int first, int count)
    {
        try
        {
            if (!_idle.TryTake(out var file))
                file = H5File.OpenRead(Path);
            ulong[] starts = [(ulong)first, 0, 0, 0];
            ulong[] blocks = [(ulong)count, (ulong)Height, (ulong)Width, 3];
            var pixels = file.Dataset("x").Read<byte[]>(new HyperslabSelection(4, starts, blocks));
            _idle.Add(file);
            return pixels;
        }
        catch (Exception error) when (error is not HistonicException)
        {
            throw Damaged(Path, error);
        }
    }

    private static long[] ReadLabelsBeside(string path)
    {
        const string Pixels = "_x";
        var name = System.IO.Path.GetFileNameWithoutExtension(path);
        if (!name.EndsWith(Pixels, StringComparison.Ordinal))
            throw Foreign(
                path,
                "has no data set y",
                "Put the labels into it as y, or name the files …_x.h5 and …_y.h5"
            );
        var beside = System.IO.Path.Combine(
            System.IO.Path.GetDirectoryName(path) ?? "",
            name[..^Pixels.Length] + "_y" + System.IO.Path.GetExtension(path)
        );
        CheckSignature(beside);
        using var file = H5File.OpenRead(beside);
        return file.LinkExists("y")
            ? ReadLabels(beside, file)
            : throw Foreign(beside, "has no data set y", "Put the labels into it as y");
    }

    private static long[] ReadLabels(string path, NativeFile file)
    {
        var y = file.Dataset("y");
        if (y.Space.Dimensions is not [var n, ..] || y.Space.Dimensions.Skip(1).Any(side => side != 1))
        {
            throw Foreign(
                path,
                $"has a y of {string.Join(" × ", y.Space.Dimensions)}",
                "y holds one integer a patch: n, or n × 1 × 1 × 1"
            );
        }

        if (y.Type.Class != H5DataTypeClass.FixedPoint)
            throw Foreign(path, $"has labels y of the type {y.Type.Class}", "y holds integers");
        if (n == 0)
            return [];
        return (y.Type.Size, y.Type.FixedPoint.IsSigned) switch
        {
            (1, false) => Array.ConvertAll(y.Read<byte[]>(), value => (long)value),
            (1, true) => Array.ConvertAll(y.Read<sbyte[]>(), value => (long)value),
            (2, false) => Array.ConvertAll(y.Read<ushort[]>(), value => (long)value),
            (2, true) => Array.ConvertAll(y.Read<short[]>(), value => (long)value),
            (4, false) => Array.ConvertAll(y.Read<uint[]>(), value => (long)value),
            (4, true) => Array.ConvertAll(y.Read<int[]>(), value => (long)value),
            (_, false) => Array.ConvertAll(y.Read<ulong[]>(), value => checked((long)value)),
            _ => y.Read<long[]>(),
        };
    }

    private static void CheckSignature(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            var start = new byte[_signature.Length];
            if (
                file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) < start.Length
                || !start.AsSpan().SequenceEqual(_signature)
            )
                throw Foreign(path, "is no HDF5 file", "Unpack it (gunzip) if it is packed, or copy it again");
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InputException(path, "there is no such file", "Check the path", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputException(path, $"cannot be read ({error.Message})", "Check your rights to it", error);
        }
    }

    private static InputException Foreign(string path, string finding, string remedy) => new(path, finding, remedy);

    private static InputException Damaged(string path, Exception error) =>
        new(
            path,
            $"cannot be decoded ({error.Message.TrimEnd('.')})",
            "Copy it again, or write it anew: read are little-endian numbers, as they are or packed with gzip and shuffle",
            error
        );
}
