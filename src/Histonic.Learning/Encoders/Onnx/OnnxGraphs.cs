using System.Runtime.InteropServices;
using Google.Protobuf;

namespace Histonic.Learning.Encoders.Onnx;

/// <summary>The few pieces of an ONNX graph that encoders are made of.</summary>
internal static class OnnxGraphs
{
    public const string Input = "x";
    public const string Output = "embedding";
    private const int Float32 = 1;

    // Oldest that say all we need, so that old runtimes read the files too.
    private const int IrVersion = 8;
    private const int OperatorSet = 13;

    /// <summary>The papers' encoder, batch normalisations folded.</summary>
    public static ModelProto Model(EncoderWeights weights)
    {
        var graph = new GraphProto { Name = "encoder" };
        graph.Input.Add(Value(Input, null, 3, weights.PatchSize, weights.PatchSize));
        graph.Output.Add(Value(Output, null, weights.Channels));
        if (weights.Dense.Count == 0)
            AddMean(graph);
        else
            AddLayers(graph, weights);
        return new ModelProto
        {
            IrVersion = IrVersion,
            ProducerName = "histonic",
            ProducerVersion = Slides.ProductVersion.Current,
            Graph = graph,
            OpsetImport =
            {
                new OperatorSetIdProto { Domain = "", Version = OperatorSet },
            },
        };
    }

    /// <summary>A float32 tensor in the graph: its dimensions, null for any number (the batch).</summary>
    public static ValueInfoProto Value(string name, params ReadOnlySpan<long?> dimensions)
    {
        var shape = new TensorShapeProto();
        foreach (var dimension in dimensions)
        {
            shape.Dim.Add(
                dimension is { } size
                    ? new TensorShapeProto.Types.Dimension { DimValue = size }
                    : new TensorShapeProto.Types.Dimension { DimParam = "n" }
            );
        }

        return new ValueInfoProto
        {
            Name = name,
            Type = new TypeProto
            {
                TensorType = new TypeProto.Types.Tensor { ElemType = Float32, Shape = shape },
            },
        };
    }

    /// <summary>Adds a node with one output, named by that output.</summary>
    public static string Add(
        GraphProto graph,
        string operation,
        string output,
        ReadOnlySpan<string> inputs,
        params ReadOnlySpan<AttributeProto> attributes
    )
    {
        var node = Node(operation, output, inputs);
        foreach (var attribute in attributes)
            node.Attribute.Add(attribute);
        graph.Node.Add(node);
        return output;
    }

    /// <summary>A node with one output.</summary>
    public static NodeProto Node(string operation, string output, params ReadOnlySpan<string> inputs)
    {
        var node = new NodeProto
        {
            OpType = operation,
            Name = $"{operation}:{output}",
            Output = { output },
        };
        foreach (var input in inputs)
            node.Input.Add(input);
        return node;
    }

    /// <summary>Adds a constant.</summary>
    public static string AddTensor(GraphProto graph, string name, float[] values, params ReadOnlySpan<long> dimensions)
    {
        var tensor = new TensorProto
        {
            Name = name,
            DataType = Float32,
            RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes(values.AsSpan())),
        };
        foreach (var dimension in dimensions)
            tensor.Dims.Add(dimension);
        graph.Initializer.Add(tensor);
        return name;
    }

    /// <summary>An attribute of whole numbers.</summary>
    public static AttributeProto Ints(string name, params ReadOnlySpan<long> values)
    {
        var attribute = new AttributeProto { Name = name, Type = AttributeProto.Types.Kind.Ints };
        foreach (var value in values)
            attribute.Ints.Add(value);
        return attribute;
    }

    /// <summary>An attribute of one whole number.</summary>
    public static AttributeProto Int(string name, long value) =>
        new()
        {
            Name = name,
            Type = AttributeProto.Types.Kind.Int,
            I = value,
        };

    private static void AddMean(GraphProto graph)
    {
        var mean = Add(graph, "GlobalAveragePool", "mean", [Input]);
        Add(graph, "Flatten", Output, [mean], Int("axis", 1));
    }

    private static void AddLayers(GraphProto graph, EncoderWeights weights)
    {
        var folded = FoldedEncoder.Of(weights);
        var slope = new AttributeProto
        {
            Name = "alpha",
            Type = AttributeProto.Types.Kind.Float,
            F = (float)weights.LeakySlope,
        };
        var last =
            weights.Pool == 1
                ? Input
                : Add(
                    graph,
                    "AveragePool",
                    "pooled",
                    [Input],
                    Ints("kernel_shape", weights.Pool, weights.Pool),
                    Ints("strides", weights.Pool, weights.Pool)
                );
        foreach (var (index, layer) in weights.Convolutions.Index())
        {
            var (kernel, bias) = folded.Convolutions[index];
            var name = $"convolution_{index + 1}";
            last = Add(
                graph,
                "Conv",
                name,
                [
                    last,
                    AddTensor(
                        graph,
                        $"{name}.kernel",
                        kernel,
                        layer.Filters,
                        layer.Inputs,
                        layer.KernelSize,
                        layer.KernelSize
                    ),
                    AddTensor(graph, $"{name}.bias", bias, layer.Filters),
                ],
                Ints("kernel_shape", layer.KernelSize, layer.KernelSize),
                Ints("strides", layer.Stride, layer.Stride)
            );
            last = Add(graph, "LeakyRelu", $"activation_{index + 1}", [last], slope);
        }

        last = Add(graph, "Flatten", "flat", [last], Int("axis", 1));
        foreach (var (index, (kernel, bias)) in folded.Dense.Index())
        {
            var final = index == folded.Dense.Count - 1;
            var name = $"dense_{index + 1}";
            last = Add(
                graph,
                "Gemm",
                final ? Output : name,
                [
                    last,
                    AddTensor(graph, $"{name}.kernel", kernel, bias.Length, kernel.Length / bias.Length),
                    AddTensor(graph, $"{name}.bias", bias, bias.Length),
                ],
                Int("transB", 1)
            );
            if (!final)
                last = Add(graph, "LeakyRelu", $"dense_activation_{index + 1}", [last], slope);
        }
    }
}
