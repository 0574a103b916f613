// Shapes: B patches, C colours or filters, H and W pixels, F = H·W·C numbers left by the convolutions, D length of an embedding.
using Histonic.Slides;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Histonic.Learning.Encoders;

/// <summary>The encoder E of both papers, as the authors published it (the 4-task and the BiGAN encoder alike).</summary>
/// <remarks>
/// <code>
/// patch 128 × 128 × 3 in [-1, 1]
/// average pooling 2 × 2                                        64 × 64 × 3
/// 4 × [ convolution 128 @ 3 × 3, stride 2, no padding          31, 15, 7, 3
///       LeakyReLU 0.2
///       batch norm, momentum 0.8, epsilon 1e-3 ]               3 × 3 × 128
/// flatten, in the order height, width, filter                  1152
/// dense, linear                                                128
/// </code>
/// LeakyReLU comes before batch norm, in the published files as here. He-uniform weights before a LeakyReLU, Glorot-uniform
/// in the last layer, biases 0: Keras' defaults in those files.
/// </remarks>
public sealed class PatchEncoderNetwork : nn.Module<Tensor, Tensor>
{
    internal const double LeakySlope = 0.2;
    internal const double BatchNormEpsilon = 1e-3;

    // Keras keeps 0.8 of the old statistics, libtorch takes in 0.2 of the new: the same thing
    internal const double BatchNormMomentum = 0.2;

    private readonly AvgPool2d _pool;
    private readonly Sequential _features;
    private readonly Linear _embedding;

    /// <summary>Creates an encoder with random weights.</summary>
    /// <param name="options">Its shape.</param>
    /// <param name="seed">Where its weights come from; libtorch's global generator is left alone.</param>
    public PatchEncoderNetwork(PatchEncoderOptions options, Seed seed)
        : base(nameof(PatchEncoderNetwork))
    {
        Options = options.Validated();
        _pool = nn.AvgPool2d(2);
        _features = nn.Sequential();
        for (var layer = 0; layer < PatchEncoderOptions.Layers; layer++)
        {
            var filters = layer == 0 ? 3 : options.Width;
            _features.append($"conv{layer}", Convolution(filters, options.Width));
            _features.append($"leaky{layer}", nn.LeakyReLU(LeakySlope));
            _features.append($"norm{layer}", nn.BatchNorm2d(options.Width, BatchNormEpsilon, BatchNormMomentum));
        }

        var left = options.RemainingSide * options.RemainingSide * options.Width;
        _embedding = nn.Linear(left, options.Channels);
        register_module("features", _features);
        register_module("embedding", _embedding);
        using var generator = new Generator((ulong)(uint)seed.Number("encoder weights"), CPU);
        foreach (var (_, module) in _features.named_children())
        {
            if (module is Conv2d convolution)
                WeightInitialization.HeUniform(convolution.weight, convolution.bias, generator);
        }

        WeightInitialization.GlorotUniform(_embedding.weight, _embedding.bias, generator);
    }

    /// <summary>Gets the shape of this encoder.</summary>
    public PatchEncoderOptions Options { get; }

    /// <summary>Embeds patches.</summary>
    /// <param name="patchesBCHW">RGB in [-1, 1] (x / 255 · 2 − 1), B × 3 × P × P, in any memory layout.</param>
    /// <returns>Embeddings, B × D.</returns>
    public override Tensor forward(Tensor patchesBCHW)
    {
        using var scope = NewDisposeScope();
        var pooledBCHW = _pool.call(patchesBCHW);
        var featuresBCHW = _features.call(pooledBCHW);
        var flatBF = featuresBCHW.permute(0, 2, 3, 1).flatten(1);
        return _embedding.call(flatBF).MoveToOuterDisposeScope();
    }

    /// <summary>The weights as data, for the ONNX file. Inputs of the dense layer stay in the order height, width, filter.</summary>
    public EncoderWeights ToWeights()
    {
        using var scope = NewDisposeScope();
        var layers = new List<ConvolutionLayer>();
        var inputs = 3;
        for (var layer = 0; layer < PatchEncoderOptions.Layers; layer++)
        {
            var convolution = (Conv2d)_features[3 * layer];
            var norm = (BatchNorm2d)_features[(3 * layer) + 2];
            layers.Add(
                new ConvolutionLayer(
                    Options.Width,
                    inputs,
                    KernelSize: 3,
                    Stride: 2,
                    Numbers(convolution.weight),
                    Numbers(convolution.bias!),
                    new BatchNorm(
                        Numbers(norm.weight!),
                        Numbers(norm.bias!),
                        Numbers(norm.running_mean!),
                        Numbers(norm.running_var!),
                        BatchNormEpsilon
                    )
                )
            );
            inputs = Options.Width;
        }

        return new EncoderWeights
        {
            PatchSize = Options.PatchSize,
            Pool = 2,
            LeakySlope = LeakySlope,
            Convolutions = layers,
            Dense = new DenseLayer(Numbers(_embedding.weight), Numbers(_embedding.bias!)),
        };
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _pool.Dispose();
            _features.Dispose();
            _embedding.Dispose();
        }

        base.Dispose(disposing);
    }

    private static Conv2d Convolution(int inputs, int filters)
    {
        // TorchSharp 0.107 leaves a tensor of its initialisation behind; the scope takes it away
        using var scope = NewDisposeScope();
        var convolution = nn.Conv2d(inputs, filters, kernel_size: 3, stride: 2);
        scope.Detach(convolution.parameters());
        return convolution;
    }

    private static float[] Numbers(Tensor tensor) => [.. tensor.detach().cpu().contiguous().data<float>()];
}
