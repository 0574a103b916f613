// Shapes: B patches, C colours, S the side of a view, F features, D length of an embedding.
using Histonic.Learning.Tensors;
using Histonic.Slides;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Histonic.Learning.Encoders.Training.Objectives.Vae;

/// <summary>A variational autoencoder (Kingma and Welling 2014) around either encoder, with P2's decoder (papers.md 2.2).</summary>
/// <remarks>
/// <code>
/// encoder E up to its features                                            F
/// dense, linear: the encoder's last layer                                 μ, 128
/// dense, linear, bounded from above                                       log σ², 128
/// embedding e = μ + σ · n, n ~ N(0, 1)                                    128
/// decoder D: dense 8192, LeakyReLU 0.2, batch norm                        4 × 4 × 512
/// n × [ doubling, convolution 256, 128, 64, 32, 16 @ 3 × 3
///       LeakyReLU 0.2, batch norm ]                                       8, 16, 32, 64, 128
/// convolution 3 @ 3 × 3, tanh                                             S × S × 3
/// </code>
/// P2's decoder doubles 5 times, to 128 × 128. The published encoder sees 64 × 64 pixels: there the first 4 doublings are used. Around the
/// shallow encoder it begins with 128 filters instead of 512 (papers.md 2.9).
/// What is kept of all this is the encoder, whose output is μ.
/// The bound, log σ² = 2 − ln(1 + e²⁻ˣ) of the linear layer's x, is not P2's: a variance far above the 1 of n is never of use, and without a
/// bound a few first steps of Adam made e^log σ², and so the loss, a thousand times as large, which Adam's second moments keep for long.
/// </remarks>
internal sealed class VaeNetwork : nn.Module
{
    private const int FirstFilters = 512;
    private const int ShallowFilters = 128;
    private static readonly Scalar _mostLogVariance = TorchScalars.Two;

    private readonly Linear _logVariance;
    private readonly PatchDecoder _decoder;

    /// <summary>Creates a network with random weights.</summary>
    /// <param name="shape">The encoder's shape.</param>
    /// <param name="decoderWidth">The decoder's filters as a share of P2's.</param>
    /// <param name="seed">Where the weights come from.</param>
    public VaeNetwork(EncoderShape shape, double decoderWidth, Seed seed)
        : base(nameof(VaeNetwork))
    {
        Encoder = EncoderNetwork.Create(shape, seed);
        using var generator = new Generator((ulong)(uint)seed.Number("decoder weights"), CPU);
        _logVariance = nn.Linear(Encoder.FeatureCount, shape.Channels);
        WeightInitialization.GlorotUniform(_logVariance.weight, _logVariance.bias, generator);
        var first = shape.Architecture == EncoderArchitecture.Shallow ? ShallowFilters : FirstFilters;
        _decoder = new PatchDecoder(
            shape.Channels,
            shape.InputSide,
            PatchDecoder.Scaled(first, decoderWidth),
            [
                .. Enumerable
                    .Range(1, PatchDecoder.Doublings(shape.InputSide))
                    .Select(layer => PatchDecoder.Scaled(first / Math.Pow(2, layer), decoderWidth)),
            ],
            generator
        );
        register_module("encoder", Encoder);
        register_module("log_variance", _logVariance);
        register_module("decoder", _decoder);
    }

    /// <summary>Gets the encoder; its output is μ.</summary>
    public EncoderNetwork Encoder { get; }

    /// <summary>The distribution of each view's embedding.</summary>
    /// <param name="viewsBCSS">RGB in [-1, 1].</param>
    /// <returns>μ and log σ², each B × D. The caller disposes them.</returns>
    public (Tensor MeanBD, Tensor LogVarianceBD) Encode(Tensor viewsBCSS)
    {
        using var scope = NewDisposeScope();
        var featuresBF = Encoder.Features(viewsBCSS);
        return (
            Encoder.Embed(featuresBF).MoveToOuterDisposeScope(),
            Bounded(_logVariance.call(featuresBF)).MoveToOuterDisposeScope()
        );
    }

    /// <summary>Draws views from embeddings, B × D.</summary>
    /// <returns>B × 3 × S × S in [-1, 1].</returns>
    public Tensor Decode(Tensor embeddingsBD) => _decoder.call(embeddingsBD);

    /// <summary>The loss of a batch: error + γ · divergence.</summary>
    /// <param name="viewsBCSS">RGB in [-1, 1].</param>
    /// <param name="noiseBD">n, standard normal.</param>
    /// <param name="gamma">γ.</param>
    /// <returns>
    /// The loss; the mean squared error over pixels, colours and patches; the divergence in nats, summed over D, the mean of the patches.
    /// Scalars; the caller disposes them.
    /// </returns>
    public (Tensor Loss, Tensor Error, Tensor Divergence) Loss(Tensor viewsBCSS, Tensor noiseBD, double gamma)
    {
        using var scope = NewDisposeScope();
        var (meanBD, logVarianceBD) = Encode(viewsBCSS);
        var drawnBCSS = Decode(meanBD.Plus(logVarianceBD.mul(TorchScalars.Half).exp().mul(noiseBD)));
        var error = nn.functional.mse_loss(drawnBCSS, viewsBCSS);
        var divergence = Divergence(meanBD, logVarianceBD).mean();
        return (
            error.Plus(divergence.Times(gamma)).MoveToOuterDisposeScope(),
            error.MoveToOuterDisposeScope(),
            divergence.MoveToOuterDisposeScope()
        );
    }

    /// <summary>The Kullback-Leibler divergence of N(μ, σ²) from N(0, 1): ½ Σ (μ² + σ² − 1 − log σ²), never negative.</summary>
    /// <param name="meanBD">μ.</param>
    /// <param name="logVarianceBD">log σ².</param>
    /// <returns>In nats, for each patch: B.</returns>
    public static Tensor Divergence(Tensor meanBD, Tensor logVarianceBD)
    {
        using var scope = NewDisposeScope();
        var eachBD = meanBD.Squared().Plus(logVarianceBD.exp()).Minus(logVarianceBD);
        return eachBD.sum(1).Minus(ones_like(eachBD).sum(1)).mul(TorchScalars.Half).MoveToOuterDisposeScope();
    }

    private static Tensor Bounded(Tensor freeBD)
    {
        using var scope = NewDisposeScope();
        // ln(1 + e^y) is the cross-entropy of the logit y where the answer is 0
        var roomBD = freeBD.neg().add(_mostLogVariance, TorchScalars.One);
        var softBD = nn.functional.binary_cross_entropy_with_logits(
            roomBD,
            zeros_like(roomBD),
            reduction: nn.Reduction.None
        );
        return softBD.neg().add(_mostLogVariance, TorchScalars.One).MoveToOuterDisposeScope();
    }
}
