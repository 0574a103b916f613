using System.Runtime.InteropServices;
using Histonic.Learning.Encoders.Onnx;

namespace Histonic.Learning.Encoders.Kernels;

/// <summary>A network that is a chain: convolutions without padding, a flattening, dense layers, a (leaky) ReLU behind each or none.</summary>
/// <param name="Convolutions">The convolutions.</param>
/// <param name="Dense">The dense layers, at least one; the first one's inputs in the order channel, row, column.</param>
internal sealed record LayerChain(IReadOnlyList<ChainLayer> Convolutions, IReadOnlyList<ChainLayer> Dense)
{
    private const int Float32 = 1;

    /// <summary>Reads a network.</summary>
    /// <param name="model">The network, from x to embedding.</param>
    /// <param name="side">The side of its input in pixels.</param>
    /// <returns>null where it is of another kind, or its sizes do not fit each other.</returns>
    public static LayerChain? Of(ModelProto model, int side)
    {
        if (
            model.Graph.Input is not [{ Type.TensorType.Shape.Dim: [_, { DimValue: 3 }, var height, var width] }]
            || (height.DimValue, width.DimValue) != (side, side)
        )
        {
            return null;
        }

        List<ChainLayer> convolutions = [],
            dense = [];
        var (last, flat, channels) = (OnnxGraphs.Input, false, 3);
        foreach (var node in model.Graph.Node)
        {
            if (node.Domain.Length > 0 || node.Output is not [var output] || node.Input is not [var input, ..])
                return null;
            if (!string.Equals(input, last, StringComparison.Ordinal))
                return null;
            var layers = flat ? dense : convolutions;
            switch (node.OpType)
            {
                case "Conv" when !flat && Convolution(model, node, channels) is { } layer && side >= layer.Size:
                    convolutions.Add(layer);
                    (channels, side) = (layer.Bias.Length, layer.OutputSide(side));
                    break;
                case "Flatten" when !flat && convolutions.Count > 0 && Only(node, "axis", 1):
                    (flat, channels) = (true, channels * side * side);
                    break;
                case "Gemm" when flat && Product(model, node, channels) is { } layer:
                    dense.Add(layer);
                    channels = layer.Bias.Length;
                    break;
                case "LeakyRelu" or "Relu" when layers is [.., { Slope: 1 } before] && Slope(node) is { } slope:
                    layers[^1] = before with { Slope = slope };
                    break;
                default:
                    return null;
            }

            last = output;
        }

        return dense.Count > 0 && string.Equals(last, OnnxGraphs.Output, StringComparison.Ordinal)
            ? new LayerChain(convolutions, dense)
            : null;
    }

    private static ChainLayer? Convolution(ModelProto model, NodeProto node, int channels)
    {
        long stride = 1;
        foreach (var attribute in node.Attribute)
        {
            switch (attribute.Name)
            {
                case "strides" when attribute.Ints is [var down, var across] && down == across && down is > 0 and < 64:
                    stride = down;
                    break;
                case "kernel_shape":
                case "pads" when attribute.Ints.All(pad => pad == 0):
                case "dilations" when attribute.Ints.All(dilation => dilation == 1):
                case "group" when attribute.I == 1:
                    break;
                default:
                    return null;
            }
        }

        return
            node.Input.Count == 3
            && Constant(model, node.Input[1]) is { Dims: [var filters, var inputs, var height, var width] } kernel
            && Constant(model, node.Input[2]) is { Dims: [var biases] } bias
            && (inputs, biases) == (channels, filters)
            && height == width
            && height is > 0 and < 64
            ? new ChainLayer(Floats(kernel), Floats(bias), (int)height, (int)stride, 1)
            : null;
    }

    private static ChainLayer? Product(ModelProto model, NodeProto node, int channels) =>
        node.Input.Count == 3
        && IsPlain(node)
        && Constant(model, node.Input[1]) is { Dims: [var outputs, var inputs] } kernel
        && Constant(model, node.Input[2]) is { Dims: [var biases] } bias
        && (inputs, biases) == (channels, outputs)
            ? new ChainLayer(Floats(kernel), Floats(bias), 0, 0, 1)
            : null;

    /// <summary>Whether a product is y = x · Wᵀ + b, with one row of W for each number of y.</summary>
    private static bool IsPlain(NodeProto dense)
    {
        var transposed = false;
        foreach (var attribute in dense.Attribute)
        {
            switch (attribute.Name)
            {
                case "transB":
                    transposed = attribute.I == 1;
                    break;
                case "transA" when attribute.I == 0:
                case "alpha" or "beta" when attribute.F == 1:
                    break;
                default:
                    return false;
            }
        }

        return transposed;
    }

    private static float? Slope(NodeProto node)
    {
        if (string.Equals(node.OpType, "Relu", StringComparison.Ordinal))
            return node.Attribute.Count == 0 ? 0 : null;
        var slope = node.Attribute switch
        {
            [] => 0.01f, // ONNX's own
            [{ Name: "alpha" } alpha] => alpha.F,
            _ => float.NaN,
        };
        return slope is >= 0 and < 1 ? slope : null;
    }

    private static bool Only(NodeProto node, string name, long value) =>
        node.Attribute.All(attribute =>
            string.Equals(attribute.Name, name, StringComparison.Ordinal) && attribute.I == value
        );

    private static TensorProto? Constant(ModelProto model, string name) =>
        model.Graph.Initializer.FirstOrDefault(tensor =>
            string.Equals(tensor.Name, name, StringComparison.Ordinal)
            && tensor is { DataType: Float32, Dims.Count: > 0 }
            && tensor.RawData.Length == sizeof(float) * Product(tensor.Dims)
        );

    private static long Product(IEnumerable<long> dimensions)
    {
        long product = 1;
        foreach (var dimension in dimensions)
            product = dimension is > 0 and < int.MaxValue && product < int.MaxValue ? product * dimension : -1;
        return product;
    }

    private static float[] Floats(TensorProto tensor) => MemoryMarshal.Cast<byte, float>(tensor.RawData.Span).ToArray();
}
