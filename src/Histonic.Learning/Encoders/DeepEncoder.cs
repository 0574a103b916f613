// Shapes: B patches, C colours, P pixels of a side, H and W what is left of it, F features, D length of an embedding.
using Histonic.Learning.Tensors;
using Histonic.Slides;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Histonic.Learning.Encoders;

/// <summary>The encoder of P2's VAE, contrastive and supervised variants (P2, section on encoders; papers.md 2.2).</summary>
/// <remarks>
/// <code>
/// patch 128 × 128 × 3 in [-1, 1]
/// 5 × [ convolution 32, 64, 128, 256, 512 @ 3 × 3, stride 2, no padding     63, 31, 15, 7, 3
///       LeakyReLU 0.2
///       batch norm, momentum 0.8, epsilon 1e-3 ]                            3 × 3 × 512
/// flatten, in the order height, width, filter                               4608
/// dense, LeakyReLU 0.2, batch norm                                          512
/// dense, linear                                                             128
/// </code>
/// P2 says neither whether the convolutions are padded nor in which order LeakyReLU and batch norm come; both are taken from
/// the encoders that its authors published. P2's synthetic pictures have an encoder of the same make with two convolutions (papers.md 2.9),
/// the shallow architecture:
/// <code>
/// patch 9 × 9 × 3
/// 2 × [ convolution 32, 64 @ 3 × 3, stride 2; LeakyReLU; batch norm ]       4, 1
/// dense, LeakyReLU 0.2, batch norm                                          64
/// dense, linear                                                             16
/// </code>
/// </remarks>
public sealed class DeepEncoder : EncoderNetwork
{
    private readonly Conv2d[] _convolutions;
    private readonly BatchNorm2d[] _norms;
    private readonly Linear _dense;
    private readonly BatchNorm1d _denseNorm;
    private readonly Linear _embedding;

    /// <summary>Creates an encoder with random weights.</summary>
    /// <param name="shape">Its shape.</param>
    /// <param name="seed">Where its weights come from; libtorch's global generator is left alone.</param>
    public DeepEncoder(EncoderShape shape, Seed seed)
        : base(nameof(DeepEncoder), shape)
    {
        using var generator = WeightGenerator(seed);
        var layers = shape.Architecture == EncoderArchitecture.Shallow ? 2 : 5;
        (_convolutions, _norms) = (new Conv2d[layers], new BatchNorm2d[layers]);
        var (inputs, filters, side) = (3, shape.Width / 4, shape.InputSide);
        for (var layer = 0; layer < layers; layer++)
        {
            _convolutions[layer] = Convolution(inputs, filters, generator);
            _norms[layer] = Norm2d(filters);
            register_module($"conv{layer}", _convolutions[layer]);
            register_module($"norm{layer}", _norms[layer]);
            (inputs, filters, side) = (filters, 2 * filters, (side - 1) / 2);
        }

        FeatureCount = inputs; // as many as the last convolution has filters
        _dense = nn.Linear(side * side * inputs, FeatureCount);
        WeightInitialization.HeUniform(_dense.weight, _dense.bias, generator);
        _denseNorm = Norm1d(FeatureCount);
        _embedding = nn.Linear(FeatureCount, shape.Channels);
        WeightInitialization.GlorotUniform(_embedding.weight, _embedding.bias, generator);
        register_module("dense", _dense);
        register_module("dense_norm", _denseNorm);
        register_module("embedding", _embedding);
    }

    /// <inheritdoc/>
    public override int FeatureCount { get; }

    /// <inheritdoc/>
    public override Tensor Features(Tensor pooledBCSS)
    {
        using var scope = NewDisposeScope();
        var xBCHW = pooledBCSS;
        for (var layer = 0; layer < _convolutions.Length; layer++)
        {
            xBCHW = _convolutions[layer].call(xBCHW);
            xBCHW = _norms[layer].Normalise(xBCHW.Leaky());
        }

        var flatBF = _dense.call(xBCHW.permute(0, 2, 3, 1).flatten(1));
        return _denseNorm.Normalise(flatBF.Leaky()).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override Tensor Embed(Tensor featuresBF) => _embedding.call(featuresBF);

    /// <inheritdoc/>
    public override EncoderWeights ToWeights() =>
        new()
        {
            PatchSize = Shape.PatchSize,
            Pool = 1,
            LeakySlope = LeakySlope,
            Convolutions = [.. _convolutions.Zip(_norms, ToLayer)],
            Dense =
            [
                new DenseLayer(Numbers(_dense.weight), Numbers(_dense.bias!), ToNorm(_denseNorm)),
                new DenseLayer(Numbers(_embedding.weight), Numbers(_embedding.bias!)),
            ],
        };
}
