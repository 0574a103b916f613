using Histonic.Slides.Reading;
using Microsoft.ML.OnnxRuntime;

namespace Histonic.Learning.Encoders.Onnx;

/// <summary>The range of a network's activations over synthetic tissue: the same for an encoder wherever it is measured.</summary>
internal static class Calibration
{
    /// <summary>The synthetic patches that come with the program: squares of this side, row by row.</summary>
    public const int SheetSide = 64;

    private const int Batch = 16;

    /// <summary>Measures a network.</summary>
    /// <param name="model">The network, its first pooling taken out; every tensor's values are looked at.</param>
    /// <param name="side">The side of its input in pixels.</param>
    /// <param name="tensors">The tensors.</param>
    /// <returns>The least and the greatest value of each, and of the input.</returns>
    public static IReadOnlyDictionary<string, (float Least, float Greatest)> Measure(
        ModelProto model,
        int side,
        IReadOnlyList<string> tensors
    )
    {
        var open = model.Clone();
        foreach (var tensor in tensors)
            open.Graph.Output.Add(OnnxGraphs.Value(tensor));
        foreach (var output in open.Graph.Output.Skip(model.Graph.Output.Count))
            output.Type.TensorType.Shape = null; // whatever it is
        var ranges = new Dictionary<string, (float, float)>(StringComparer.Ordinal) { [OnnxGraphs.Input] = (-1, 1) };
        var patches = Patches(side);
        var each = 3 * side * side;
        using var options = OnnxEncoder.Options(1, "cpu");
        using var session = new InferenceSession(Google.Protobuf.MessageExtensions.ToByteArray(open), options);
        using var run = new RunOptions();
        for (var first = 0; first < patches.Length; first += Batch * each)
        {
            var length = Math.Min(Batch * each, patches.Length - first);
            using var input = OrtValue.CreateTensorValueFromMemory(
                OrtMemoryInfo.DefaultInstance,
                patches.AsMemory(first, length),
                [length / each, 3, side, side]
            );
            using var outputs = session.Run(run, [OnnxGraphs.Input], [input], tensors);
            for (var i = 0; i < tensors.Count; i++)
            {
                var (least, greatest) = ranges.GetValueOrDefault(tensors[i]);
                foreach (var value in outputs[i].GetTensorDataAsSpan<float>())
                    (least, greatest) = (Math.Min(least, value), Math.Max(greatest, value));
                ranges[tensors[i]] = (least, greatest);
            }
        }

        return ranges;
    }

    /// <summary>Squares of the sheet as planes, in raster order; larger ones span several of its patches.</summary>
    private static float[] Patches(int side)
    {
        using var resource = typeof(Calibration).Assembly.GetManifestResourceStream("models/calibration.jpg")!;
        var bytes = new byte[resource.Length];
        resource.ReadExactly(bytes);
        var sheet = PictureFile.Decode(bytes);
        var (columns, rows) = (Math.Max(1, sheet.Width / side), Math.Max(1, sheet.Height / side));
        var rgb = new byte[columns * rows * side * side * 3];
        for (var i = 0; i < columns * rows; i++)
        {
            for (var y = 0; y < side; y++)
            {
                for (var x = 0; x < side; x++)
                {
                    // a side beyond the sheet's begins it anew
                    var (v, u) = (((i / columns * side) + y) % sheet.Height, ((i % columns * side) + x) % sheet.Width);
                    sheet
                        .Pixels.AsSpan(((v * sheet.Width) + u) * 3, 3)
                        .CopyTo(rgb.AsSpan(((((i * side) + y) * side) + x) * 3));
                }
            }
        }

        var planes = new float[rgb.Length];
        PatchPlanes.Write(rgb, side, planes);
        return planes;
    }
}
