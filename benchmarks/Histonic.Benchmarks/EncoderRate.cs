using System.Diagnostics;
using System.Globalization;
using Microsoft.ML.OnnxRuntime;

namespace Histonic.Benchmarks;

/// <summary>What ONNX Runtime alone makes of an encoder's file: ready-made patches, its own threads, nothing else to do.</summary>
internal static class EncoderRate
{
    /// <summary>encode FILE.onnx PATCH SECONDS OUT: writes patches a second with batches of 64 on all cores.</summary>
    public static int Run(string[] args)
    {
        var (side, seconds) = (
            int.Parse(args[1], CultureInfo.InvariantCulture),
            double.Parse(args[2], CultureInfo.InvariantCulture)
        );
        const int Batch = 64;
        using var options = new SessionOptions
        {
            IntraOpNumThreads = Environment.ProcessorCount,
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
        };
        using var session = new InferenceSession(args[0], options);
        using var run = new RunOptions();
        var patches = new float[Batch * 3 * side * side];
        for (var i = 0; i < patches.Length; i++)
            patches[i] = (i % 255 / 127.5f) - 1;
        using var input = OrtValue.CreateTensorValueFromMemory(
            OrtMemoryInfo.DefaultInstance,
            patches.AsMemory(),
            [Batch, 3, side, side]
        );
        var (done, watch) = (0, Stopwatch.StartNew());
        session.Run(run, ["x"], [input], ["embedding"]).Dispose();
        for (watch.Restart(); watch.Elapsed.TotalSeconds < seconds; done += Batch)
            session.Run(run, ["x"], [input], ["embedding"]).Dispose();
        File.WriteAllText(
            args[3],
            string.Create(CultureInfo.InvariantCulture, $"{done / watch.Elapsed.TotalSeconds:0.0}\n")
        );
        return 0;
    }
}
