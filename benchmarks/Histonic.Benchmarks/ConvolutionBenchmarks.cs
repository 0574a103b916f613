using BenchmarkDotNet.Attributes;
using Histonic.Learning.Encoders.Kernels;

namespace Histonic.Benchmarks;

/// <summary>
/// A convolution of the papers' encoder on 16 patches, one thread, so many at once as when slides are compressed (2 and 16): by its definition (the baseline) and by few products. The second
/// (31 × 31 × 64 to 15 × 15 × 128) is run by few products, the third (15 × 15 × 128 to 7 × 7 × 128) by its definition.
/// </summary>
public unsafe class ConvolutionBenchmarks
{
    private const int Patches = 16;

    private int _atOnce;
    private int _inputs; // of a patch
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
        (var side, var channels, _atOnce) = Convolution is "second" ? (31, 64, 2) : (15, 128, 16);
        _inputs = side * side * channels;
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
        _input = new AlignedFloats(Patches * _inputs);
        Draw(random, Patches * _inputs).CopyTo(new Span<float>(_input.Pointer, Patches * _inputs));
        // whole rows of products are written: a few pixels more
        _output = new AlignedFloats((Patches * _definition.Outputs) + (ProductKernel.Rows * _definition.Channels));
        _scratch = new AlignedFloats(_fewProducts.Scratch);
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        foreach (var one in new IDisposable[] { _definition, _fewProducts, _input, _output, _scratch })
            one.Dispose();
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Patches)]
    public void Definition() => Run(_definition);

    [Benchmark(OperationsPerInvoke = Patches)]
    public void FewProducts() => Run(_fewProducts);

    private void Run(IKernelLayer layer)
    {
        var input = _input.Pointer;
        for (var first = 0; first < Patches; first += _atOnce, input += (nint)_atOnce * _inputs)
            layer.Run(input, _atOnce, _output.Pointer, _scratch.Pointer);
    }

    private static float[] Draw(Random random, int count)
    {
        var values = new float[count];
        for (var i = 0; i < count; i++)
            values[i] = random.NextSingle() - 0.5f;
        return values;
    }
}
