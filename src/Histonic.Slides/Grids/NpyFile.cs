using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;

namespace Histonic.Slides.Grids;

/// <summary>The file of the authors' neural image compression: NumPy's npy, float16, C × rows × columns, background 0.</summary>
public static partial class NpyFile
{
    private static readonly byte[] _signature = [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <summary>Writes a map as float16.</summary>
    /// <param name="path">The file that comes to be, whole or not at all.</param>
    /// <param name="map">The map.</param>
    /// <exception cref="InputException">A value is beyond half precision, or the file cannot be written.</exception>
    public static void Write(string path, FeatureMap map)
    {
        var halves = Array.ConvertAll(map.Values, value => (Half)value);
        for (var i = 0; i < halves.Length; i++)
        {
            if (Half.IsInfinity(halves[i]) && float.IsFinite(map.Values[i]))
                throw new InputException(
                    path,
                    $"cannot hold the value {map.Values[i].ToString(CultureInfo.InvariantCulture)} in half precision",
                    "Use an encoder whose embeddings stay within 65,504"
                );
        }

        Write(
            path,
            string.Create(
                CultureInfo.InvariantCulture,
                $"{{'descr': '<f2', 'fortran_order': False, 'shape': ({map.Channels}, {map.Rows}, {map.Columns}), }}"
            ),
            file => file.Write(MemoryMarshal.AsBytes(halves.AsSpan()))
        );
    }

    /// <summary>Writes one plane as float32.</summary>
    /// <param name="path">The file that comes to be, whole or not at all.</param>
    /// <param name="values">Rows × columns numbers.</param>
    /// <param name="rows">The number of rows.</param>
    /// <param name="columns">The number of columns.</param>
    /// <exception cref="InputException">The file cannot be written.</exception>
    public static void WritePlane(string path, float[] values, int rows, int columns) =>
        Write(
            path,
            string.Create(
                CultureInfo.InvariantCulture,
                $"{{'descr': '<f4', 'fortran_order': False, 'shape': ({rows}, {columns}), }}"
            ),
            file => file.Write(MemoryMarshal.AsBytes(values.AsSpan()))
        );

    private static void Write(string path, string dictionary, Action<FileStream> write)
    {
        // Signature, version, length and dictionary together fill a multiple of 64 bytes, the last of them a line feed.
        var header = dictionary.PadRight((((dictionary.Length + 11) / 64) + 1) * 64 - 11) + "\n";
        AtomicFile.Write(
            path,
            partial =>
            {
                using var file = File.Create(partial);
                file.Write(_signature);
                file.Write([1, 0, (byte)header.Length, (byte)(header.Length >> 8)]);
                file.Write(Encoding.ASCII.GetBytes(header));
                write(file);
            }
        );
    }

    /// <summary>Reads a map.</summary>
    /// <param name="path">A file of float16 or float32 in three dimensions.</param>
    /// <exception cref="InputException">It is missing, cut short, no npy file, or of another type or shape.</exception>
    public static FeatureMap Read(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            var start = new byte[12];
            if (file.ReadAtLeast(start, 12, throwOnEndOfStream: false) < 12 || !start.AsSpan().StartsWith(_signature))
                throw Fault(path, "is no npy file");
            var wide = start[6] > 1;
            var length = wide
                ? BinaryPrimitives.ReadInt32LittleEndian(start.AsSpan(8))
                : BinaryPrimitives.ReadUInt16LittleEndian(start.AsSpan(8));
            file.Position = wide ? 12 : 10;
            if (length <= 0 || length > file.Length)
                throw Fault(path, "is cut short");
            var header = new byte[length];
            file.ReadExactly(header);
            var match = Header().Match(Encoding.ASCII.GetString(header));
            if (!match.Success)
                throw Fault(path, "holds no three-dimensional float16 or float32 in C order");
            int Side(string name) => int.Parse(match.Groups[name].ValueSpan, CultureInfo.InvariantCulture);
            var (channels, rows, columns) = (Side("channels"), Side("rows"), Side("columns"));
            var values = new float[checked(channels * rows * columns)];
            if (match.Groups["type"].ValueSpan.SequenceEqual("f4"))
            {
                file.ReadExactly(MemoryMarshal.AsBytes(values.AsSpan()));
            }
            else
            {
                var halves = new Half[values.Length];
                file.ReadExactly(MemoryMarshal.AsBytes(halves.AsSpan()));
                values = Array.ConvertAll(halves, half => (float)half);
            }

            return new FeatureMap(channels, rows, columns, values);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InputException(path, "does not exist", "Check the path", error);
        }
        catch (EndOfStreamException error)
        {
            throw Fault(path, "is cut short", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or OverflowException)
        {
            throw Fault(path, $"cannot be read ({error.Message})", error);
        }
    }

    private static InputException Fault(string path, string finding, Exception? cause = null) =>
        new(path, finding, "Give a features.npy of neural image compression", cause);

    [GeneratedRegex(
        @"'descr': '<(?<type>f2|f4)', 'fortran_order': False, 'shape': \((?<channels>\d+), (?<rows>\d+), (?<columns>\d+)\)",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Header();
}
