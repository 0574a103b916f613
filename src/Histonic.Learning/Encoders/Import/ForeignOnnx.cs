using Google.Protobuf;
using Google.Protobuf.Collections;
using Histonic.Learning.Encoders.Onnx;
using Histonic.Slides;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Histonic.Learning.Encoders.Import;

/// <summary>Makes an encoder of an ONNX file that others exported: one picture in, one vector out.</summary>
internal static class ForeignOnnx
{
    private static readonly float[] _imageNetMean = [0.485f, 0.456f, 0.406f];
    private static readonly float[] _imageNetDeviation = [0.229f, 0.224f, 0.225f];

    public static void Import(string source, string target, EncoderImportOptions options)
    {
        var bytes = OnnxEncoderFile.ReadBytes(source);
        var model = OnnxEncoderFile.Parse(source, bytes);
        var before = OnnxMetadata.Read(model, source, OnnxEncoderFile.Sha256(bytes));
        if (before is null)
            Wrap(source, model, bytes, options);
        var info = EncoderImport.Describe(before ?? NewInfo(source, model, options), options);
        if (options.PatchSize is { } patch && patch != info.PatchSize)
            throw Misfit(source, $"takes patches of {info.PatchSize} pixels, not {patch}", "Leave --patch away");
        OnnxMetadata.Write(model, info);

        // tried beside the target before it is put there
        var trial = model.ToByteArray();
        using (var encoder = OnnxEncoder.Open(source, trial, threads: 1, "cpu"))
            Try(source, encoder);
        OnnxEncoderFile.Write(target, model);
    }

    private static EncoderInfo NewInfo(string source, ModelProto model, EncoderImportOptions options) =>
        new()
        {
            Name = EncoderImport.NameOf(source),
            PatchSize = (int)model.Graph.Input[0].Type.TensorType.Shape.Dim[2].DimValue,
            PixelSize =
                options.PixelSize
                ?? throw new OptionException(
                    "--mpp",
                    null,
                    "given for an ONNX file that does not say it: the µm per pixel it was trained at"
                ),
            Channels = (int)model.Graph.Output[0].Type.TensorType.Shape.Dim[1].DimValue,
        };

    /// <summary>Gives a foreign graph our input and output: names, any batch, the range of pixels, a flat vector.</summary>
    private static void Wrap(string source, ModelProto model, byte[] bytes, EncoderImportOptions options)
    {
        var graph = model.Graph;
        if (graph.Initializer.Any(tensor => tensor.DataLocation != 0))
            throw Misfit(source, "keeps its weights in another file", "Export it with the weights inside");
        var (input, output, patch) = Ends(source, bytes, options);
        var channels = Probe(source, bytes, input, output, patch);

        RenameClashes(graph, ref input, ref output);
        var front = graph.Node.Count;
        AddRange(graph, options.Range, input);
        // what comes first must stand first: ONNX wants nodes in the order of the data
        for (var (from, to) = (front, 0); from < graph.Node.Count; from++, to++)
        {
            var node = graph.Node[from];
            graph.Node.RemoveAt(from);
            graph.Node.Insert(to, node);
        }

        OnnxGraphs.Add(graph, "Flatten", OnnxGraphs.Output, [output], OnnxGraphs.Int("axis", 1));
        graph.Input.Clear();
        graph.Input.Add(OnnxGraphs.Value(OnnxGraphs.Input, null, 3, patch, patch));
        graph.Output.Clear();
        graph.Output.Add(OnnxGraphs.Value(OnnxGraphs.Output, null, channels));
        graph.ValueInfo.Clear(); // may name the sizes of one fixed batch; the runtime infers them anew
    }

    private static (string Input, string Output, int Patch) Ends(
        string source,
        byte[] bytes,
        EncoderImportOptions options
    )
    {
        using var session = Open(source, bytes);
        if (session.InputMetadata.Count != 1)
            throw Misfit(
                source,
                $"takes {session.InputMetadata.Count} inputs instead of one picture",
                "Export the image encoder alone"
            );
        var (input, shape) = session.InputMetadata.Single();
        var sizes = string.Join(" × ", shape.Dimensions.Select(size => size < 0 ? "n" : $"{size}"));
        if (shape.ElementDataType != TensorElementType.Float)
            throw Misfit(source, $"takes {shape.ElementDataType} instead of float32", "Export it for float32 pictures");
        if (shape.Dimensions is not [var batch, 3 or < 0, var height, var width] || height != width)
            throw Misfit(
                source,
                $"takes {sizes} instead of n × 3 × P × P",
                "Export it for square RGB pictures, channels first"
            );
        if (batch > 0)
            throw Misfit(
                source,
                $"takes batches of {batch} only",
                "Export it with a dynamic first dimension (dynamic_axes)"
            );
        if (height < 0 && options.PatchSize is null)
            throw new OptionException("--patch", null, "given for an encoder that takes pictures of any size");
        if (height > 0 && options.PatchSize is { } wanted && wanted != height)
            throw Misfit(
                source,
                $"takes patches of {height} pixels, not {wanted}",
                $"Give --patch {height}, or leave it away"
            );
        return (input, session.OutputNames[0], height > 0 ? height : options.PatchSize!.Value);
    }

    /// <summary>The length of the embedding, by running two grey patches.</summary>
    private static int Probe(string source, byte[] bytes, string input, string output, int patch)
    {
        using var session = Open(source, bytes);
        using var run = new RunOptions();
        using var grey = OrtValue.CreateTensorValueFromMemory(new float[2 * 3 * patch * patch], [2, 3, patch, patch]);
        try
        {
            using var results = session.Run(run, [input], [grey], [output]);
            var shape = results[0].GetTensorTypeAndShape();
            if (
                shape.ElementDataType == TensorElementType.Float
                && shape.Shape is [2, var channels, .. var rest]
                && Array.TrueForAll(rest, size => size == 1)
            )
                return (int)channels;
            throw Misfit(
                source,
                $"gives {string.Join(" × ", shape.Shape)} for 2 patches instead of one vector each",
                "Export it with its pooling, up to the embedding"
            );
        }
        catch (OnnxRuntimeException error)
        {
            throw Misfit(source, $"fails on 2 patches of {patch} pixels ({error.Message})", "Check --patch", error);
        }
    }

    private static void AddRange(GraphProto graph, PixelRange range, string input)
    {
        if (range == PixelRange.MinusOneToOne)
        {
            OnnxGraphs.Add(graph, "Identity", input, [OnnxGraphs.Input]);
            return;
        }

        // x in [-1, 1] is x · ½ + ½ in [0, 1]
        var (scale, shift) = (new float[3], new float[3]);
        for (var colour = 0; colour < 3; colour++)
        {
            var (mean, deviation) =
                range == PixelRange.ImageNet ? (_imageNetMean[colour], _imageNetDeviation[colour]) : (0, 1);
            (scale[colour], shift[colour]) = (0.5f / deviation, (0.5f - mean) / deviation);
        }

        var scaled = OnnxGraphs.Add(
            graph,
            "Mul",
            "histonic.scaled",
            [OnnxGraphs.Input, OnnxGraphs.AddTensor(graph, "histonic.scale", scale, 1, 3, 1, 1)]
        );
        OnnxGraphs.Add(graph, "Add", input, [scaled, OnnxGraphs.AddTensor(graph, "histonic.shift", shift, 1, 3, 1, 1)]);
    }

    /// <summary>Inner values that bear our names get others.</summary>
    private static void RenameClashes(GraphProto graph, ref string input, ref string output)
    {
        foreach (var name in new[] { OnnxGraphs.Input, OnnxGraphs.Output })
        {
            var other = $"histonic.foreign.{name}";
            foreach (var node in graph.Node)
            {
                Replace(node.Input, name, other);
                Replace(node.Output, name, other);
            }

            foreach (var tensor in graph.Initializer)
                tensor.Name = Renamed(tensor.Name, name, other);
            (input, output) = (Renamed(input, name, other), Renamed(output, name, other));
        }
    }

    private static string Renamed(string value, string name, string other) =>
        string.Equals(value, name, StringComparison.Ordinal) ? other : value;

    private static void Replace(RepeatedField<string> names, string name, string other)
    {
        for (var i = 0; i < names.Count; i++)
            names[i] = Renamed(names[i], name, other);
    }

    private static void Try(string source, OnnxEncoder encoder)
    {
        var embeddings = new float[2 * encoder.Info.Channels];
        var grey = new float[2 * 3 * encoder.Info.PatchSize * encoder.Info.PatchSize];
        encoder.Encode(grey, 2, embeddings);
        if (!Array.TrueForAll(embeddings, float.IsFinite))
            throw Misfit(source, "gives numbers that are none for a grey patch", "Check the weights and --range");
    }

    private static InferenceSession Open(string source, byte[] bytes)
    {
        using var options = OnnxEncoder.Options(threads: 1, "cpu");
        try
        {
            return new InferenceSession(bytes, options);
        }
        catch (OnnxRuntimeException error)
        {
            throw Misfit(source, $"cannot be run ({error.Message})", "Check that it is a whole ONNX model", error);
        }
    }

    private static InputException Misfit(string source, string finding, string remedy, Exception? cause = null) =>
        new(source, finding, remedy, cause);
}
