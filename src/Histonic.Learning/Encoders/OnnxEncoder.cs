using System.Runtime.InteropServices;
using Google.Protobuf;
using Histonic.Learning.Encoders.Onnx;
using Histonic.Slides;
using Microsoft.ML.OnnxRuntime;

namespace Histonic.Learning.Encoders;

/// <summary>An encoder that ONNX Runtime runs, on several threads of its own. <see cref="Encode"/> is not for several threads at once.</summary>
public sealed class OnnxEncoder : IPatchEncoder
{
    /// <summary>The most patches that pass the network at once: memory depends on it, not on the caller's batch.</summary>
    public const int LargestRun = 64;

    internal const string Cpu = "cpu";

    private static readonly string[] _inputs = [OnnxGraphs.Input];
    private static readonly string[] _outputs = [OnnxGraphs.Output];

    private readonly InferenceSession _session;
    private readonly RunOptions _run = new();
    private readonly string _path;
    private readonly int _side;
    private float[] _pooled = [];

    private OnnxEncoder(string path, EncoderInfo info, int pool, InferenceSession session)
    {
        (_path, Info, Pool, _session) = (path, info, pool, session);
        _side = info.PatchSize / pool;
    }

    /// <inheritdoc/>
    public int Pool { get; }

    /// <inheritdoc/>
    public EncoderInfo Info { get; }

    /// <summary>Opens an encoder's file.</summary>
    /// <param name="path">A file that <see cref="OnnxEncoderFile"/> or an import wrote.</param>
    /// <param name="threads">How many threads compute.</param>
    /// <param name="device">"cpu" or "cuda".</param>
    /// <exception cref="InputException">It is missing, damaged, not ONNX, does not describe itself, or not as it is.</exception>
    /// <exception cref="OptionException">The device is not there.</exception>
    public static OnnxEncoder Open(string path, int threads, string device = "cpu") =>
        Open(path, OnnxEncoderFile.ReadBytes(path), threads, device);

    /// <summary>Opens an encoder from the bytes of its file.</summary>
    internal static OnnxEncoder Open(string path, byte[] bytes, int threads, string device)
    {
        var model = OnnxEncoderFile.Parse(path, bytes);
        var info = OnnxEncoderFile.Info(model, path, bytes);
        return Of(path, info, FirstPooling.Remove(model), model, threads, device);
    }

    /// <summary>Makes an encoder of a network whose first pooling was taken out.</summary>
    internal static OnnxEncoder Of(
        string path,
        EncoderInfo info,
        int pool,
        ModelProto model,
        int threads,
        string device
    )
    {
        using var options = Options(threads, device);
        InferenceSession session;
        try
        {
            session = new InferenceSession(model.ToByteArray(), options);
        }
        catch (OnnxRuntimeException error)
        {
            throw OnnxEncoderFile.Damaged(path, error);
        }

        var encoder = new OnnxEncoder(path, info, pool, session);
        try
        {
            encoder.CheckShapes();
            return encoder;
        }
        catch
        {
            encoder.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    /// <exception cref="InputException">The network fails on these patches.</exception>
    public void Encode(ReadOnlyMemory<float> patchesNCHW, int count, Memory<float> embeddingsNC)
    {
        if (Pool == 1)
        {
            EncodePooled(patchesNCHW, count, embeddingsNC);
            return;
        }

        var length = count * 3 * _side * _side;
        if (_pooled.Length < length)
            _pooled = new float[length];
        PatchPlanes.Pool(patchesNCHW.Span[..(length * Pool * Pool)], Info.PatchSize, Pool, _pooled);
        EncodePooled(_pooled.AsMemory(0, length), count, embeddingsNC);
    }

    /// <inheritdoc/>
    /// <exception cref="InputException">The network fails on these patches.</exception>
    public void EncodePooled(ReadOnlyMemory<float> pooledNCHW, int count, Memory<float> embeddingsNC)
    {
        var length = 3 * _side * _side;
        for (var first = 0; first < count; first += LargestRun)
        {
            var n = Math.Min(LargestRun, count - first);
            // wraps the caller's memory: nothing is copied, and the network's own tensors live on in its arena
            using var input = OrtValue.CreateTensorValueFromMemory(
                OrtMemoryInfo.DefaultInstance,
                MemoryMarshal.AsMemory(pooledNCHW).Slice(first * length, n * length),
                [n, 3, _side, _side]
            );
            using var output = OrtValue.CreateTensorValueFromMemory(
                OrtMemoryInfo.DefaultInstance,
                embeddingsNC.Slice(first * Info.Channels, n * Info.Channels),
                [n, Info.Channels]
            );
            try
            {
                _session.Run(_run, _inputs, [input], _outputs, [output]);
            }
            catch (OnnxRuntimeException error)
            {
                throw new InputException(
                    _path,
                    $"fails on a batch of {n} patches ({error.Message})",
                    "Import it again with histonic encoder import, which tries it",
                    error
                );
            }
        }
    }

    /// <summary>Frees the network.</summary>
    public void Dispose()
    {
        _run.Dispose();
        _session.Dispose();
    }

    internal static SessionOptions Options(int threads, string device)
    {
        const string Cuda = "CUDAExecutionProvider";
        var options = new SessionOptions
        {
            IntraOpNumThreads = threads,
            InterOpNumThreads = 1,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL, // what fails is thrown, and told by us
        };
        // a thread that waits busily would take the processor from those that decode the next patches
        options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        if (!string.Equals(device, "cuda", StringComparison.Ordinal))
            return options;
        if (!OrtEnv.Instance().GetAvailableProviders().Contains(Cuda, StringComparer.Ordinal))
        {
            options.Dispose();
            throw new OptionException(
                "--device",
                device,
                "cpu here: this build holds ONNX Runtime without CUDA (build with the package Microsoft.ML.OnnxRuntime.Gpu for it)"
            );
        }

        options.AppendExecutionProvider_CUDA();
        return options;
    }

    private void CheckShapes()
    {
        var inputFits =
            _session.InputMetadata.Count == 1
            && _session.InputMetadata.TryGetValue(OnnxGraphs.Input, out var input)
            && input.IsTensor
            && input.ElementDataType == Microsoft.ML.OnnxRuntime.Tensors.TensorElementType.Float
            && input.Dimensions is [-1, 3, var height, var width]
            && height == _side
            && width == _side;
        var outputFits =
            _session.OutputMetadata.TryGetValue(OnnxGraphs.Output, out var output)
            && output.Dimensions is [_, var channels]
            && channels == Info.Channels;
        if (!inputFits || !outputFits)
        {
            throw new InputException(
                _path,
                $"is not what it says: no network from x (n, 3, {Info.PatchSize}, {Info.PatchSize}) "
                    + $"to embedding (n, {Info.Channels})",
                "Import it again with histonic encoder import"
            );
        }
    }
}
