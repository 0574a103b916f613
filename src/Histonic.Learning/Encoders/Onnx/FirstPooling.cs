namespace Histonic.Learning.Encoders.Onnx;

/// <summary>The average pooling that a network begins with: whoever cuts patches can do it better, or read pixels of that size at once.</summary>
internal static class FirstPooling
{
    /// <summary>Takes the pooling out of a network whose input is used by nothing else: the input becomes smaller by its factor.</summary>
    /// <param name="model">The network, which is changed.</param>
    /// <returns>The factor k; 1 where the network does not begin with the plain mean of k × k squares, and nothing was changed.</returns>
    public static int Remove(ModelProto model)
    {
        var graph = model.Graph;
        var users = graph.Node.Where(node => node.Input.Contains(OnnxGraphs.Input)).ToList();
        if (
            users is not [{ OpType: "AveragePool", Domain: "", Input.Count: 1, Output: [var pooled] } pooling]
            || graph.Output.Any(output => string.Equals(output.Name, pooled, StringComparison.Ordinal))
            || graph.Input.FirstOrDefault(input =>
                string.Equals(input.Name, OnnxGraphs.Input, StringComparison.Ordinal)
            )
                is not { Type.TensorType.Shape.Dim: [_, _, { DimValue: > 0 } height, { DimValue: > 0 } width] }
            || Factor(pooling) is not { } factor
            || height.DimValue % factor != 0
            || width.DimValue % factor != 0
        )
        {
            return 1;
        }

        graph.Node.Remove(pooling);
        foreach (var node in graph.Node)
        {
            for (var i = 0; i < node.Input.Count; i++)
            {
                if (string.Equals(node.Input[i], pooled, StringComparison.Ordinal))
                    node.Input[i] = OnnxGraphs.Input;
            }
        }

        height.DimValue /= factor;
        width.DimValue /= factor;
        return (int)factor;
    }

    private static long? Factor(NodeProto pooling)
    {
        long[] kernel = [],
            strides = [1, 1];
        foreach (var attribute in pooling.Attribute)
        {
            switch (attribute.Name)
            {
                case "kernel_shape":
                    kernel = [.. attribute.Ints];
                    break;
                case "strides":
                    strides = [.. attribute.Ints];
                    break;
                case "pads" when attribute.Ints.All(pad => pad == 0):
                case "dilations" when attribute.Ints.All(dilation => dilation == 1):
                case "ceil_mode" or "count_include_pad": // without padding and remainder they change nothing
                    break;
                default:
                    return null;
            }
        }

        return
            kernel is [var down, var across] && down == across && strides.SequenceEqual(kernel) && down is > 1 and <= 16
            ? down
            : null;
    }
}
