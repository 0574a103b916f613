using BenchmarkDotNet.Attributes;
using Histonic.Learning.Encoders;
using Histonic.Learning.Encoders.Training.Augmentation;
using Histonic.Learning.Encoders.Training.Data;
using Histonic.Slides;
using Histonic.Slides.Reading;

namespace Histonic.Benchmarks;

/// <summary>One view of 64 × 64 of the published encoder, on one thread: unchanged (the baseline) and by each named set.</summary>
[MemoryDiagnoser]
public class AugmentBenchmarks
{
    private readonly Dictionary<string, PatchAugmenter> _augmenters = [];
    private SourcePatch _patch = null!;
    private float[] _view = [];
    private int _change;

    /// <summary>Gets or sets the side of the source patch: padded by reflection, as large as the encoder's, or larger.</summary>
    [Params(64, 128, 224)]
    public int Source { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var pixels = new byte[Source * Source * 3];
        new Seed(1).For("benchmark").NextBytes(pixels);
        _patch = new SourcePatch(new RgbImage(Source, Source, pixels), 1);
        foreach (var (name, options) in AugmentationOptions.Named)
            _augmenters[name] = new PatchAugmenter(options, new EncoderShape());
        _augmenters["all"] = new PatchAugmenter(
            AugmentationOptions.Parse("strong,hue=0.1,saturation=0.1,blur=2"),
            new EncoderShape()
        );
        _view = new float[_augmenters["none"].Length];
    }

    [Benchmark(Baseline = true)]
    public void Middle() => _augmenters["none"].CutMiddle(_patch, _view);

    [Benchmark]
    public void None() => Cut("none");

    [Benchmark]
    public void Light() => Cut("light");

    [Benchmark]
    public void Strong() => Cut("strong");

    [Benchmark]
    public void StrongWithHueAndBlur() => Cut("all");

    private void Cut(string set)
    {
        _change++;
        _augmenters[set].CutAnywhere(_patch, _change, _change, _view);
    }
}
