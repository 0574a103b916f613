using System.Buffers.Binary;
using System.Text.Json;
using Histonic.Slides;
using static TorchSharp.torch;

namespace Histonic.Learning.Tensors;

/// <summary>Weights as a .safetensors file: a JSON header, then the numbers. Holds no code, unlike a pickle.</summary>
/// <remarks>
/// The format: 8 bytes, little-endian, with the header's length; the header, padded with spaces to a multiple of 8; then the
/// tensors without gaps, row-major and little-endian. https://github.com/huggingface/safetensors.
/// </remarks>
public static class Safetensors
{
    /// <summary>Writes tensors as a whole file. The same tensors and metadata give the same bytes.</summary>
    /// <param name="path">The file that comes to be.</param>
    /// <param name="tensors">The tensors under names of their own, on any device, of any shape (a scalar has none).</param>
    /// <param name="metadata">What else the file says, as text.</param>
    /// <exception cref="InputException">The file cannot be written.</exception>
    /// <exception cref="ArgumentException">A name comes twice or is reserved, or a tensor's type has no place in the format.</exception>
    public static void Write(
        string path,
        IEnumerable<(string Name, Tensor Value)> tensors,
        IReadOnlyDictionary<string, string>? metadata = null
    )
    {
        // wider elements first: each tensor then starts at a multiple of its element's size
        var ordered = tensors.OrderByDescending(tensor => SafetensorsType.Of(tensor.Value.dtype).Bytes).ToList();
        var header = Header(ordered, metadata);
        AtomicFile.Write(
            path,
            partial =>
            {
                using var stream = File.Create(partial);
                Span<byte> length = stackalloc byte[8];
                BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)header.Length);
                stream.Write(length);
                stream.Write(header);
                foreach (var (_, value) in ordered)
                {
                    using var scope = NewDisposeScope();
                    var plain = value.detach().cpu().contiguous();
                    if (plain.numel() > 0)
                        stream.Write(plain.bytes);
                }
            }
        );
    }

    /// <summary>Writes a module's parameters and buffers under the names of its state dictionary.</summary>
    /// <param name="path">The file that comes to be.</param>
    /// <param name="module">The module.</param>
    /// <param name="metadata">What else the file says, as text.</param>
    /// <exception cref="InputException">The file cannot be written.</exception>
    public static void Write(string path, nn.Module module, IReadOnlyDictionary<string, string>? metadata = null) =>
        Write(path, module.state_dict().Select(entry => (entry.Key, entry.Value)), metadata);

    /// <summary>Reads a file's weights into a module whose parameters and buffers have the same names and shapes.</summary>
    /// <param name="path">The file.</param>
    /// <param name="module">Receives the weights; untouched when the file does not fit.</param>
    /// <returns>The file's metadata.</returns>
    /// <exception cref="InputException">
    /// The file is missing, damaged, or does not fit: the message names what is missing, unexpected, or of another shape.
    /// </exception>
    public static IReadOnlyDictionary<string, string> Load(string path, nn.Module module)
    {
        using var file = SafetensorsFile.Open(path);
        var state = module.state_dict();
        var faults = Faults(file, state);
        if (faults.Count > 0)
        {
            const int Shown = 5;
            var more = faults.Count > Shown ? $", and {faults.Count - Shown} more" : "";
            throw new InputException(
                path,
                $"does not fit this network ({string.Join(", ", faults.Take(Shown))}{more})",
                "Take the file that was written for a network of the same shape"
            );
        }

        using var scope = NewDisposeScope();
        using var still = no_grad();
        foreach (var (name, target) in state)
            target.copy_(file.Read(name));
        return file.Metadata;
    }

    private static List<string> Faults(SafetensorsFile file, Dictionary<string, Tensor> state) =>
        [
            .. state.Keys.Where(name => !file.Shapes.ContainsKey(name)).Select(name => $"{name} is missing"),
            .. file.Shapes.Keys.Where(name => !state.ContainsKey(name)).Select(name => $"{name} is unexpected"),
            .. state
                .Where(entry =>
                    file.Shapes.TryGetValue(entry.Key, out var shape) && !shape.SequenceEqual(entry.Value.shape)
                )
                .Select(entry =>
                    $"{entry.Key} is {Times(file.Shapes[entry.Key])} instead of {Times(entry.Value.shape)}"
                ),
        ];

    private static string Times(IReadOnlyList<long> shape) => shape.Count == 0 ? "scalar" : string.Join('×', shape);

    private static byte[] Header(
        List<(string Name, Tensor Value)> tensors,
        IReadOnlyDictionary<string, string>? metadata
    )
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            if (metadata is { Count: > 0 })
            {
                json.WriteStartObject(SafetensorsFile.MetadataKey);
                foreach (var (key, value) in metadata.OrderBy(entry => entry.Key, StringComparer.Ordinal))
                    json.WriteString(key, value);
                json.WriteEndObject();
            }

            var names = new HashSet<string>(StringComparer.Ordinal) { SafetensorsFile.MetadataKey };
            var offset = 0L;
            foreach (var (name, value) in tensors)
            {
                if (!names.Add(name))
                    throw new ArgumentException($"The name {name} comes twice or is reserved.", nameof(tensors));
                var type = SafetensorsType.Of(value.dtype);
                var end = offset + (value.numel() * type.Bytes);
                json.WriteStartObject(name);
                json.WriteString("dtype", type.Name);
                WriteNumbers(json, "shape", value.shape);
                WriteNumbers(json, "data_offsets", [offset, end]);
                json.WriteEndObject();
                offset = end;
            }

            json.WriteEndObject();
        }

        while (buffer.Length % 8 != 0)
            buffer.WriteByte((byte)' ');
        return buffer.ToArray();
    }

    private static void WriteNumbers(Utf8JsonWriter json, string key, ReadOnlySpan<long> numbers)
    {
        json.WriteStartArray(key);
        foreach (var number in numbers)
            json.WriteNumberValue(number);
        json.WriteEndArray();
    }
}
