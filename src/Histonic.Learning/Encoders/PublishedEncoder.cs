// Shapes: B patches, C colours, S pixels of a side after pooling, H and W what is left of it, F = H·W·C features, D length of an embedding.
using Histonic.Learning.Tensors;
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
public sealed class PublishedEncoder : EncoderNetwork
{
    internal const int Pool = 2;
    private const int Layers = 4;

    private readonly Conv2d[] _convolutions = new Conv2d[Layers];
    private readonly BatchNorm2d[] _norms = new BatchNorm2d[Layers];
    private readonly Linear _embedding;

    /// <summary>Creates an encoder with random weights.</summary>
    /// <param name="shape">Its shape.</param>
    /// <param name="seed">Where its weights come from; libtorch's global generator is left alone.</param>
    public PublishedEncoder(EncoderShape shape, Seed seed)
        : base(nameof(PublishedEncoder), shape)
    {
        using var generator = WeightGenerator(seed);
        var (filters, side) = (3, shape.InputSide);
        for (var layer = 0; layer < Layers; layer++)
        {
            _convolutions[layer] = Convolution(filters, shape.Width, generator);
            _norms[layer] = Norm2d(shape.Width);
            register_module($"conv{layer}", _convolutions[layer]);
            register_module($"norm{layer}", _norms[layer]);
            (filters, side) = (shape.Width, (side - 1) / 2);
        }

        FeatureCount = side * side * filters;
        _embedding = nn.Linear(FeatureCount, shape.Channels);
        WeightInitialization.GlorotUniform(_embedding.weight, _embedding.bias, generator);
        register_module("embedding", _embedding);
    }

    /// <inheritdoc/>
    public override int FeatureCount { get; }

    /// <inheritdoc/>
    public override Tensor Features(Tensor pooledBCSS)
    {
        using var scope = NewDisposeScope();
        var xBCHW = pooledBCSS;
        for (var layer = 0; layer < Layers; layer++)
        {
            xBCHW = _convolutions[layer].call(xBCHW);
            xBCHW = _norms[layer].Normalise(xBCHW.Leaky());
        }

        return xBCHW.permute(0, 2, 3, 1).flatten(1).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override Tensor Embed(Tensor featuresBF) => _embedding.call(featuresBF);

    /// <inheritdoc/>
    public override EncoderWeights ToWeights() =>
        new()
        {
            PatchSize = Shape.PatchSize,
            Pool = Pool,
            LeakySlope = LeakySlope,
            Convolutions = [.. _convolutions.Zip(_norms, ToLayer)],
            Dense = [new DenseLayer(Numbers(_embedding.weight), Numbers(_embedding.bias!))],
        };
}
