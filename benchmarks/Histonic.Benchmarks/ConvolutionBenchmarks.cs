using BenchmarkDotNet.Attributes;
using Histonic.Learning.Encoders.Kernels;

namespace Histonic.Benchmarks;

/// <summary>
/// A convolution of the papers' encoder on 16 patches, one thread: by its definition (the baseline) and by few products. The second
/// (31 × 31 × 64 to 15 × 15 × 128) is run by few products, the third (15 × 15 × 128 to 7 × 7 × 128) by its definition.
/// </summary>
public unsafe class ConvolutionBenchmarks
{
    private const int Patches = 16;

    private GatheredLayer _definition = null!;
    private WinogradLayer _fewProducts = null!;
    private AlignedFloats _input = null!;
    private AlignedFloats _output = null!;
    private AlignedFloats _scratch = null!;

    /// <summary>Gets or sets which convolution.</summary>
    [Params("second", "third")]
    public string Convolution { get; set; } = "second";

    [GlobalSetup]
    public void Setup()
    {
        var (side, channels) = Convolution is "second" ? (31, 64) : (15, 128);
        var random = new Random(1);
        var layer = new ChainLayer(
            Draw(random, 128 * channels * 9),
            Draw(random, 128),
            Size: 3,
            Stride: 2,
            Slope: 0.1f
        );
        _definition = GatheredLayer.OfPixels(layer, channels, side);
        _fewProducts = new WinogradLayer(layer, channels, side);
        _input = new AlignedFloats(Patches * side * side * channels);
        Draw(random, Patches * side * side * channels)
            .CopyTo(new Span<float>(_input.Pointer, Patches * side * side * channels));
        _output = new AlignedFloats(Patches * _definition.Outputs);
        _scratch = new AlignedFloats(_fewProducts.Scratch);
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        foreach (var one in new IDisposable[] { _definition, _fewProducts, _input, _output, _scratch })
            one.Dispose();
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Patches)]
    public void Definition() => _definition.Run(_input.Pointer, Patches, _output.Pointer, _scratch.Pointer);

    [Benchmark(OperationsPerInvoke = Patches)]
    public void FewProducts() => _fewProducts.Run(_input.Pointer, Patches, _output.Pointer, _scratch.Pointer);

    private static float[] Draw(Random random, int count)
    {
        var values = new float[count];
        for (var i = 0; i < count; i++)
            values[i] = random.NextSingle() - 0.5f;
        return values;
    }
}
