using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using CsCheck;
using Histonic.Learning.Tensors;
using Histonic.Slides;
using Histonic.Tests.Support;
using static TorchSharp.torch;

namespace Histonic.Tests.Learning.Tensors;

[NoTensorLeaks]
public sealed class SafetensorsTests
{
    [Fact]
    public void Any_floats_and_integers_come_back_bit_for_bit() =>
        Gen.Select(Gen.Single.Array[0, 40], Gen.Long.Array[0, 40])
            .Sample(
                (floats, longs) =>
                {
                    using var folder = new TemporaryFolder();
                    using var scope = NewDisposeScope();
                    Safetensors.Write(folder["w.safetensors"], [("f", tensor(floats)), ("n", tensor(longs))]);
                    using var file = SafetensorsFile.Open(folder["w.safetensors"]);
                    var bits = file.Read("f").data<float>().Select(BitConverter.SingleToInt32Bits);
                    return bits.SequenceEqual(floats.Select(BitConverter.SingleToInt32Bits))
                        && file.Read("n").data<long>().SequenceEqual(longs);
                },
                iter: 50,
                threads: 1
            );

    [Fact]
    public void An_independent_reader_of_the_format_finds_the_same_numbers()
    {
        using var folder = new TemporaryFolder();
        using var scope = NewDisposeScope();
        Safetensors.Write(
            folder["w.safetensors"],
            [
                ("half", ones(2, ScalarType.Float16)),
                ("Größe", arange(6, ScalarType.Float32).reshape(2, 3).t()),
                ("steps", tensor(7L)),
            ],
            new Dictionary<string, string>(StringComparer.Ordinal) { ["written by"] = "a test" }
        );

        var bytes = File.ReadAllBytes(folder["w.safetensors"]);
        var length = (int)BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        Assert.Equal(0, length % 8);
        using var header = JsonDocument.Parse(Encoding.UTF8.GetString(bytes, 8, length));
        Assert.Equal("a test", header.RootElement.GetProperty("__metadata__").GetProperty("written by").GetString());
        Assert.Equal([0f, 3f, 1f, 4f, 2f, 5f], Slice<float>("Größe", "F32", [3, 2]));
        Assert.Equal([7L], Slice<long>("steps", "I64", []));
        Assert.Equal([(Half)1, (Half)1], Slice<Half>("half", "F16", [2]));

        T[] Slice<T>(string name, string type, int[] shape)
            where T : unmanaged
        {
            var entry = header.RootElement.GetProperty(name);
            Assert.Equal(type, entry.GetProperty("dtype").GetString());
            Assert.Equal(shape, entry.GetProperty("shape").Deserialize<int[]>());
            var offsets = entry.GetProperty("data_offsets").Deserialize<int[]>()!;
            Assert.Equal(0, (8 + length + offsets[0]) % Marshal.SizeOf<T>());
            return MemoryMarshal
                .Cast<byte, T>(bytes.AsSpan(8 + length + offsets[0], offsets[1] - offsets[0]))
                .ToArray();
        }
    }

    [Fact]
    public void A_file_as_others_write_it_is_read()
    {
        using var folder = new TemporaryFolder();
        using var scope = NewDisposeScope();
        // unpadded header, tensors listed in another order than they lie in
        WriteRaw(
            folder["w.safetensors"],
            """{"b":{"dtype":"F32","shape":[1],"data_offsets":[8,12]},"a":{"dtype":"F32","shape":[2,1],"data_offsets":[0,8]}}""",
            [1f, 2f, 3f]
        );
        using var file = SafetensorsFile.Open(folder["w.safetensors"]);
        Assert.Equal([1f, 2f], Numbers(file.Read("a")));
        Assert.Equal([3f], Numbers(file.Read("b")));
        Assert.Equal([2, 1], file.Shapes["a"]);
    }

    [Fact]
    public void A_module_written_and_loaded_into_another_gives_the_same_outputs()
    {
        using var folder = new TemporaryFolder();
        using var scope = NewDisposeScope();
        using var first = Network(4);
        using var second = Network(4);
        var x = rand(3, 2);
        first.forward(x); // moves the batch norm's statistics
        first.eval();
        second.eval();
        Assert.NotEqual(Numbers(first.forward(x)), Numbers(second.forward(x)));
        Safetensors.Write(
            folder["w.safetensors"],
            first,
            new Dictionary<string, string>(StringComparer.Ordinal) { ["a"] = "b" }
        );
        Assert.Equal("b", Safetensors.Load(folder["w.safetensors"], second)["a"]);
        Assert.Equal(Numbers(first.forward(x)), Numbers(second.forward(x)));
    }

    [Fact]
    public void What_does_not_fit_a_module_is_named_and_leaves_it_as_it_was()
    {
        using var folder = new TemporaryFolder();
        using var scope = NewDisposeScope();
        using var narrow = Network(4);
        using var wide = Network(5);
        Safetensors.Write(
            folder["w.safetensors"],
            narrow
                .state_dict()
                .Where(entry => !string.Equals(entry.Key, "1.bias", StringComparison.Ordinal))
                .Select(entry => (entry.Key, entry.Value))
                .Append(("stray", zeros(1)))
        );
        var before = Numbers(wide.state_dict()["1.weight"]);
        var error = Assert.Throws<InputException>(() => Safetensors.Load(folder["w.safetensors"], wide));
        Assert.Contains("1.bias is missing", error.Message, StringComparison.Ordinal);
        Assert.Contains("stray is unexpected", error.Message, StringComparison.Ordinal);
        Assert.Contains("0.weight is 4×2 instead of 5×2", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, Numbers(wide.state_dict()["1.weight"]));
    }

    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}}""", "cut short")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", "4 bytes follow")]
    [InlineData(
        """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}""",
        "b overlaps"
    )]
    [InlineData(
        """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}}""",
        "gap before b"
    )]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,12]}}""", "a needs 8 bytes and has 12")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-3],"data_offsets":[0,12]}}""", "a has the shape [-3]")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,12]}}""", "a has the shape")]
    [InlineData("""{"a":{"dtype":"F32","shape":[3],"data_offsets":[12,0]}}""", "a has the offsets")]
    [InlineData("""{"a":{"dtype":"Q4","shape":[3],"data_offsets":[0,12]}}""", "element type Q4")]
    [InlineData("""{"a":{"shape":[3],"data_offsets":[0,12]}}""", "header cannot be understood")]
    [InlineData("""["a"]""", "header cannot be understood")]
    [InlineData("not JSON", "header cannot be understood")]
    [InlineData("""{"a":"F32"}""", "header cannot be understood")]
    public void A_damaged_file_is_refused_with_the_reason(string header, string reason)
    {
        using var folder = new TemporaryFolder();
        WriteRaw(folder["w.safetensors"], header, [1f, 2f, 3f]);
        var error = Assert.Throws<InputException>(() => SafetensorsFile.Open(folder["w.safetensors"]));
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new byte[0])]
    [InlineData(new byte[] { 1, 2, 3 })]
    [InlineData(new byte[] { 255, 255, 255, 255, 255, 255, 255, 255, 123, 125 })]
    [InlineData(new byte[] { 200, 0, 0, 0, 0, 0, 0, 0, 123, 125 })]
    public void A_file_too_short_for_its_header_is_refused(byte[] content)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["w.safetensors"], content);
        Assert.Throws<InputException>(() => SafetensorsFile.Open(folder["w.safetensors"]));
    }

    [Fact]
    public void A_missing_file_is_an_input_at_fault() =>
        Assert.Throws<InputException>(() => SafetensorsFile.Open("/nowhere/w.safetensors"));

    [Fact]
    public void A_name_that_comes_twice_is_refused()
    {
        using var folder = new TemporaryFolder();
        using var scope = NewDisposeScope();
        Assert.Throws<ArgumentException>(() =>
            Safetensors.Write(folder["w.safetensors"], [("a", zeros(1)), ("a", zeros(1))])
        );
        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    private static nn.Module<Tensor, Tensor> Network(int width) =>
        nn.Sequential(("0", nn.Linear(2, width)), ("1", nn.BatchNorm1d(width)));

    private static float[] Numbers(Tensor tensor) => [.. tensor.detach().contiguous().data<float>()];

    private static void WriteRaw(string path, string header, float[] numbers)
    {
        using var stream = File.Create(path);
        var text = Encoding.UTF8.GetBytes(header);
        stream.Write(BitConverter.GetBytes((ulong)text.Length));
        stream.Write(text);
        stream.Write(MemoryMarshal.AsBytes<float>(numbers));
    }
}
