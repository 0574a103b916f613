using static TorchSharp.torch;

namespace Histonic.Learning.Tensors;

/// <summary>The element types of the format that a tensor can have.</summary>
/// <param name="Name">The name in the file.</param>
/// <param name="Type">The tensor's type.</param>
/// <param name="Bytes">The size of an element.</param>
internal sealed record SafetensorsType(string Name, ScalarType Type, int Bytes)
{
    private static readonly SafetensorsType[] _all =
    [
        new("F64", ScalarType.Float64, 8),
        new("F32", ScalarType.Float32, 4),
        new("F16", ScalarType.Float16, 2),
        new("BF16", ScalarType.BFloat16, 2),
        new("I64", ScalarType.Int64, 8),
        new("I32", ScalarType.Int32, 4),
        new("I16", ScalarType.Int16, 2),
        new("I8", ScalarType.Int8, 1),
        new("U8", ScalarType.Byte, 1),
        new("BOOL", ScalarType.Bool, 1),
    ];

    public static SafetensorsType Of(ScalarType type) =>
        Array.Find(_all, one => one.Type == type)
        ?? throw new ArgumentException($"Tensors of type {type} have no place in the format.", nameof(type));

    public static SafetensorsType? Named(string? name) =>
        Array.Find(_all, one => string.Equals(one.Name, name, StringComparison.Ordinal));
}
