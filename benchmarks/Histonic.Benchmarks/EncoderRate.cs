using System.Diagnostics;
using System.Globalization;
using Histonic.Learning.Encoders;
using Microsoft.ML.OnnxRuntime;

namespace Histonic.Benchmarks;

/// <summary>What an encoder alone makes of ready-made patches, on all cores, with nothing else to do: by ONNX Runtime or by the code of the program.</summary>
internal static class EncoderRate
{
    private const int Batch = 64;

    /// <summary>encode FILE.onnx PATCH SECONDS OUT: writes patches a second of ONNX Runtime with batches of 64.</summary>
    public static int Run(string[] args)
    {
        var (side, seconds) = (
            int.Parse(args[1], CultureInfo.InvariantCulture),
            double.Parse(args[2], CultureInfo.InvariantCulture)
        );
        using var options = new SessionOptions
        {
            IntraOpNumThreads = Environment.ProcessorCount,
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
        };
        using var session = new InferenceSession(args[0], options);
        using var run = new RunOptions();
        var patches = Patches(side);
        using var input = OrtValue.CreateTensorValueFromMemory(
            OrtMemoryInfo.DefaultInstance,
            patches.AsMemory(),
            [Batch, 3, side, side]
        );
        Measure(() => session.Run(run, ["x"], [input], ["embedding"]).Dispose(), seconds, args[3]);
        return 0;
    }

    /// <summary>encode-own FILE.onnx|NAME SECONDS OUT: the same of the encoder as compress opens it, from pooled patches.</summary>
    public static int RunOwn(string[] args)
    {
        using var encoder = EncoderCatalog.Open(args[0], Environment.ProcessorCount);
        var patches = Patches(encoder.Info.PatchSize / encoder.Pool);
        var embeddings = new float[Batch * encoder.Info.Channels];
        Measure(
            () => encoder.EncodePooled(patches, Batch, embeddings),
            double.Parse(args[1], CultureInfo.InvariantCulture),
            args[2]
        );
        return 0;
    }

    private static float[] Patches(int side)
    {
        var patches = new float[Batch * 3 * side * side];
        for (var i = 0; i < patches.Length; i++)
            patches[i] = (i % 255 / 127.5f) - 1;
        return patches;
    }

    private static void Measure(Action encode, double seconds, string target)
    {
        var (done, watch) = (0, Stopwatch.StartNew());
        while (watch.Elapsed.TotalSeconds < 1) // compiled for good, threads started
            encode();
        for (watch.Restart(); watch.Elapsed.TotalSeconds < seconds; done += Batch)
            encode();
        File.WriteAllText(
            target,
            string.Create(CultureInfo.InvariantCulture, $"{done / watch.Elapsed.TotalSeconds:0.0}\n")
        );
    }
}
