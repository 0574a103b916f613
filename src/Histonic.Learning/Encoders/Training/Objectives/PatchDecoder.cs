// Shapes: B patches, D length of an embedding, C colours, F filters, H and W what has been drawn so far, S the side of a view.
using System.Numerics;
using Histonic.Learning.Tensors;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Histonic.Learning.Encoders.Training.Objectives;

/// <summary>Draws patches from embeddings: the decoder of P2's VAE and the generator of its BiGAN, which differ in their filters only.</summary>
/// <remarks>
/// <code>
/// embedding                                                          D
/// dense, LeakyReLU 0.2, batch norm                                   s · s · F
/// n × [ each pixel becomes 2 × 2, convolution @ 3 × 3, padded
///       LeakyReLU 0.2, batch norm ]                                  2s, 4s … 2ⁿs
/// convolution 3 @ 3 × 3, padded; tanh                                S × S × 3 in [-1, 1]
/// </code>
/// P2's begin at s = 4. So do these where S is 4 times a power of two: n = 4 for S = 64, n = 5 for S = 128. For another S the row
/// begins at the smallest s from 4 to 7 from which n doublings reach S at least, and the middle is cut out. Below S = 16 there are the two
/// doublings of P2's synthetic pictures, from a smaller s: 3, 6, 12 for S = 9.
/// LeakyReLU comes before batch norm, as in the encoders that P2's authors published; the paper does not say which comes first.
/// </remarks>
internal sealed class PatchDecoder : nn.Module<Tensor, Tensor>
{
    private readonly int _side;
    private readonly int _start;
    private readonly int _first;
    private readonly Linear _dense;
    private readonly BatchNorm1d _denseNorm;
    private readonly Conv2d[] _convolutions;
    private readonly BatchNorm2d[] _norms;
    private readonly Conv2d _picture;

    /// <summary>Creates a decoder with random weights.</summary>
    /// <param name="inputs">The length D of an embedding.</param>
    /// <param name="side">The side S of a view: at least 4.</param>
    /// <param name="first">The filters F after the dense layer.</param>
    /// <param name="filters">The filters of each convolution but the last: as many as <see cref="Doublings"/> says.</param>
    /// <param name="generator">Where the weights come from.</param>
    public PatchDecoder(int inputs, int side, int first, IReadOnlyList<int> filters, Generator generator)
        : base(nameof(PatchDecoder))
    {
        (_side, _first) = (side, first);
        _start = (side + (1 << filters.Count) - 1) >> filters.Count;
        _dense = nn.Linear(inputs, _start * _start * first);
        WeightInitialization.HeUniform(_dense.weight, _dense.bias, generator);
        _denseNorm = nn.BatchNorm1d(
            _start * _start * first,
            EncoderNetwork.BatchNormEpsilon,
            EncoderNetwork.BatchNormMomentum
        );
        register_module("dense", _dense);
        register_module("dense_norm", _denseNorm);
        _convolutions = new Conv2d[filters.Count];
        _norms = new BatchNorm2d[filters.Count];
        var channels = first;
        for (var layer = 0; layer < filters.Count; layer++)
        {
            _convolutions[layer] = Convolution(channels, filters[layer]);
            WeightInitialization.HeUniform(_convolutions[layer].weight, _convolutions[layer].bias, generator);
            _norms[layer] = nn.BatchNorm2d(
                filters[layer],
                EncoderNetwork.BatchNormEpsilon,
                EncoderNetwork.BatchNormMomentum
            );
            register_module($"conv{layer}", _convolutions[layer]);
            register_module($"norm{layer}", _norms[layer]);
            channels = filters[layer];
        }

        _picture = Convolution(channels, 3);
        WeightInitialization.GlorotUniform(_picture.weight, _picture.bias, generator);
        register_module("picture", _picture);
    }

    /// <summary>How many times the side doubles on the way to S.</summary>
    /// <param name="side">The side S of a view: at least 4.</param>
    public static int Doublings(int side) => Math.Max(2, BitOperations.Log2((uint)side / 4));

    /// <summary>A layer's filters when all are made wider or narrower: at least 4.</summary>
    /// <param name="filters">P2's.</param>
    /// <param name="width">The share of P2's width.</param>
    public static int Scaled(double filters, double width) => Math.Max(4, (int)Math.Round(filters * width));

    /// <summary>Draws patches.</summary>
    /// <param name="embeddingsBD">B × D.</param>
    /// <returns>B × 3 × S × S in [-1, 1], channels last in memory.</returns>
    public override Tensor forward(Tensor embeddingsBD)
    {
        using var scope = NewDisposeScope();
        var flatBF = _denseNorm.Normalise(_dense.call(embeddingsBD).Leaky());
        // height, width, filter: channels last from the start, and kept so to the end
        var xBFHW = flatBF.view(-1, _start, _start, _first).permute(0, 3, 1, 2);
        for (var layer = 0; layer < _convolutions.Length; layer++)
        {
            var wideBFHW = nn.functional.interpolate(xBFHW, scale_factor: [2, 2], mode: InterpolationMode.Nearest);
            xBFHW = _convolutions[layer].call(wideBFHW).Leaky();
            xBFHW = _norms[layer].Normalise(xBFHW);
        }

        var pictureBCHW = _picture.call(xBFHW).tanh_();
        var margin = ((_start << _convolutions.Length) - _side) / 2;
        return pictureBCHW.narrow(2, margin, _side).narrow(3, margin, _side).MoveToOuterDisposeScope();
    }

    private static Conv2d Convolution(int inputs, int filters)
    {
        // TorchSharp 0.107 leaves a tensor of its initialisation behind; the scope takes it away
        using var scope = NewDisposeScope();
        var convolution = nn.Conv2d(inputs, filters, kernel_size: 3, padding: 1);
        scope.Detach(convolution.parameters());
        return convolution;
    }
}
