using System.Buffers.Binary;
using System.Text.Json;
using Histonic.Slides;
using Microsoft.Win32.SafeHandles;
using static TorchSharp.torch;

namespace Histonic.Learning.Tensors;

/// <summary>An open .safetensors file, checked as a whole: every tensor lies inside, none overlaps another, nothing is left over.</summary>
public sealed class SafetensorsFile : IDisposable
{
    internal const string MetadataKey = "__metadata__";
    private const long LongestHeader = 100_000_000; // the format's own bound

    private readonly string _path;
    private readonly SafeFileHandle _file;
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private long _start;

    private SafetensorsFile(string path, SafeFileHandle file) => (_path, _file) = (path, file);

    /// <summary>Gets what the file says beside its tensors.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; private set; } =
        new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Gets the shape of every tensor by its name, in the order of the header; a scalar's is empty.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<long>> Shapes =>
        _entries.ToDictionary(
            entry => entry.Key,
            IReadOnlyList<long> (entry) => entry.Value.Shape,
            StringComparer.Ordinal
        );

    /// <summary>Opens a file and checks its header against its length.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InputException">The file is missing, cut short, or not of the format.</exception>
    public static SafetensorsFile Open(string path)
    {
        SafetensorsFile? opened = null;
        try
        {
            opened = new SafetensorsFile(path, File.OpenHandle(path));
            opened.ReadHeader();
            return opened;
        }
        catch (Exception error)
        {
            opened?.Dispose();
            throw error switch
            {
                FileNotFoundException or DirectoryNotFoundException => new InputException(
                    path,
                    "there is no such file",
                    "Check the path",
                    error
                ),
                IOException or UnauthorizedAccessException => new InputException(
                    path,
                    $"cannot be read ({error.Message})",
                    "Check the file and your rights to it",
                    error
                ),
                JsonException or FormatException or InvalidOperationException or KeyNotFoundException => Damaged(
                    path,
                    "its header cannot be understood",
                    error
                ),
                _ => error,
            };
        }
    }

    /// <summary>Reads one tensor into memory, on the CPU.</summary>
    /// <param name="name">One of the names in <see cref="Shapes"/>.</param>
    /// <exception cref="InputException">The file does not hold it, or it cannot be read.</exception>
    public Tensor Read(string name)
    {
        if (!_entries.TryGetValue(name, out var entry))
            throw new InputException(_path, $"holds no tensor {name}", "Take a file that was written for this use");
        var tensor = empty(entry.Shape, dtype: entry.Type.Type);
        try
        {
            if (
                entry.End > entry.Begin
                && RandomAccess.Read(_file, tensor.bytes, _start + entry.Begin) != entry.End - entry.Begin
            )
                throw Damaged(_path, "it was cut short while it was read");
            return tensor;
        }
        catch
        {
            tensor.Dispose();
            throw;
        }
    }

    /// <summary>Closes the file. Tensors read from it live on.</summary>
    public void Dispose() => _file.Dispose();

    private static InputException Damaged(string path, string finding, Exception? cause = null) =>
        new(path, $"is not a whole safetensors file: {finding}", "Write or download it again", cause);

    private void ReadHeader()
    {
        var total = RandomAccess.GetLength(_file);
        Span<byte> prefix = stackalloc byte[8];
        if (RandomAccess.Read(_file, prefix, 0) != 8)
            throw Damaged(_path, $"it has {total} bytes, fewer than the 8 that tell the header's length");
        var length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (length is < 2 or > LongestHeader || (long)length > total - 8)
            throw Damaged(_path, $"its header should take {length} bytes, and the file has {total}");
        var header = new byte[length];
        RandomAccess.Read(_file, header, 8);
        _start = 8 + (long)length;

        using var json = JsonDocument.Parse(header);
        foreach (var property in json.RootElement.EnumerateObject())
        {
            if (property.NameEquals(MetadataKey))
            {
                Metadata = property
                    .Value.EnumerateObject()
                    .ToDictionary(pair => pair.Name, pair => pair.Value.GetString()!, StringComparer.Ordinal);
            }
            else if (!_entries.TryAdd(property.Name, ReadEntry(property)))
            {
                throw Damaged(_path, $"{property.Name} comes twice");
            }
        }

        CheckOffsets(total - _start);
    }

    private Entry ReadEntry(JsonProperty property)
    {
        var typeName = property.Value.GetProperty("dtype").GetString();
        var type =
            SafetensorsType.Named(typeName)
            ?? throw Damaged(_path, $"{property.Name} has the element type {typeName}, which is not supported");
        long[] shape = [.. property.Value.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64())];
        long[] offsets = [.. property.Value.GetProperty("data_offsets").EnumerateArray().Select(at => at.GetInt64())];
        if (offsets is not [>= 0, >= 0] || offsets[1] < offsets[0])
            throw Damaged(_path, $"{property.Name} has the offsets [{string.Join(", ", offsets)}]");
        var size = (Int128)type.Bytes;
        foreach (var side in shape)
        {
            size *= side;
            if (side < 0 || size > long.MaxValue)
                throw Damaged(_path, $"{property.Name} has the shape [{string.Join(", ", shape)}]");
        }

        return size == offsets[1] - offsets[0]
            ? new Entry(type, shape, offsets[0], offsets[1])
            : throw Damaged(_path, $"{property.Name} needs {size} bytes and has {offsets[1] - offsets[0]}");
    }

    private void CheckOffsets(long total)
    {
        var at = 0L;
        foreach (var (name, entry) in _entries.OrderBy(one => one.Value.Begin).ThenBy(one => one.Value.End))
        {
            if (entry.Begin != at)
            {
                throw Damaged(
                    _path,
                    entry.Begin < at ? $"{name} overlaps the tensor before it" : $"there is a gap before {name}"
                );
            }

            at = entry.End;
        }

        if (at > total)
            throw Damaged(_path, $"its tensors take {at} bytes, and it has {total}: it was cut short");
        if (at < total)
            throw Damaged(_path, $"{total - at} bytes follow the last tensor");
    }

    private sealed record Entry(SafetensorsType Type, long[] Shape, long Begin, long End);
}
