using BenchmarkDotNet.Attributes;
using Histonic.Learning.Encoders;
using Histonic.Slides;
using TorchSharp;

namespace Histonic.Benchmarks;

/// <summary>The papers' encoder on 64 patches: TorchSharp (the baseline) and ONNX Runtime with batch norms folded.</summary>
[MemoryDiagnoser]
public class EncodeBenchmarks
{
    private const int Count = 64;
    private readonly float[] _patches = new float[Count * 3 * 128 * 128];
    private readonly float[] _embeddings = new float[Count * 128];
    private PublishedEncoder _network = null!;
    private OnnxEncoder _encoder = null!;
    private torch.Tensor _input = null!;

    [GlobalSetup]
    public void Setup()
    {
        torch.set_num_threads(Environment.ProcessorCount);
        _network = new PublishedEncoder(new EncoderShape(), new Seed(1));
        _network.eval();
        _input = torch.zeros(Count, 3, 128, 128);
        var path = Path.Combine(Path.GetTempPath(), "histonic-benchmark.onnx");
        OnnxEncoderFile.Write(
            path,
            _network.ToWeights(),
            new EncoderInfo
            {
                Name = "benchmark",
                PatchSize = 128,
                PixelSize = new Microns(0.5),
                Channels = 128,
            }
        );
        _encoder = OnnxEncoder.Open(path, Environment.ProcessorCount);
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _encoder.Dispose();
        _network.Dispose();
        _input.Dispose();
    }

    [Benchmark(Baseline = true)]
    public void TorchSharpNetwork()
    {
        using var noGradient = torch.no_grad();
        _network.call(_input).Dispose();
    }

    [Benchmark]
    public void OnnxRuntime() => _encoder.Encode(_patches, Count, _embeddings);
}
