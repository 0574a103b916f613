// Shapes: B patches, C colours, S the side of a view, D length of an embedding.
using Histonic.Learning.Tensors;
using Histonic.Slides;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Histonic.Learning.Encoders.Training.Objectives.BiGan;

/// <summary>P2's bidirectional generative adversarial network (Donahue et al. 2017; papers.md 2.2), around either encoder.</summary>
/// <remarks>
/// <code>
/// encoder E: patch x to embedding E(x)                            128
///
/// generator G: z ~ N(0, 1)                                        128
/// dense 1024, LeakyReLU 0.2, batch norm                           4 × 4 × 64
/// 4 × [ doubling, convolution 128 @ 3 × 3
///       LeakyReLU 0.2, batch norm ]                               8, 16, 32, 64
/// convolution 3 @ 3 × 3, tanh                                     64 × 64 × 3
///
/// discriminator: (x, E(x)) or (G(z), z)
/// layers as E's, of its own, on the picture                       128
/// with the embedding                                              256
/// 2 × [ dense, LeakyReLU 0.2, dropout 0.5 ]                       1024
/// dense, sigmoid                                                  1
/// </code>
/// The deep encoder sees 128 × 128 pixels: there the generator doubles a fifth time, with 128 filters again. Around the shallow encoder all
/// the generator's layers have 32 filters, and the discriminator's dense ones 128 (papers.md 2.9; P2's encoder there had 32 filters in both
/// convolutions and no hidden dense layer, here it is that of the other objectives).
/// </remarks>
internal sealed class BiGanNetwork : nn.Module
{
    private const int FirstFilters = 64;
    private const int Filters = 128;
    private const int ShallowFilters = 32;

    private readonly PatchDecoder _generator;
    private readonly PairDiscriminator _discriminator;

    /// <summary>Creates networks with random weights.</summary>
    /// <param name="shape">The encoder's shape.</param>
    /// <param name="generatorWidth">The generator's filters as a share of P2's.</param>
    /// <param name="seed">Where the weights come from.</param>
    public BiGanNetwork(EncoderShape shape, double generatorWidth, Seed seed)
        : base(nameof(BiGanNetwork))
    {
        Encoder = EncoderNetwork.Create(shape, seed);
        using var generator = new Generator((ulong)(uint)seed.Number("generator weights"), CPU);
        var shallow = shape.Architecture == EncoderArchitecture.Shallow;
        _generator = new PatchDecoder(
            shape.Channels,
            shape.InputSide,
            PatchDecoder.Scaled(shallow ? ShallowFilters : FirstFilters, generatorWidth),
            [
                .. Enumerable.Repeat(
                    PatchDecoder.Scaled(shallow ? ShallowFilters : Filters, generatorWidth),
                    PatchDecoder.Doublings(shape.InputSide)
                ),
            ],
            generator
        );
        _discriminator = new PairDiscriminator(shape, new Seed(seed.Number("discriminator")));
        register_module("encoder", Encoder);
        register_module("generator", _generator);
        register_module("discriminator", _discriminator);
    }

    /// <summary>Gets the encoder.</summary>
    public EncoderNetwork Encoder { get; }

    /// <summary>Gets the parameters of the encoder and the generator.</summary>
    public IReadOnlyList<Parameter> MakerParameters => [.. Encoder.parameters(), .. _generator.parameters()];

    /// <summary>Gets the discriminator's parameters.</summary>
    public IReadOnlyList<Parameter> DiscriminatorParameters => [.. _discriminator.parameters()];

    /// <summary>Embeds views: E(x), B × D.</summary>
    /// <param name="viewsBCSS">RGB in [-1, 1].</param>
    public Tensor Encode(Tensor viewsBCSS)
    {
        using var scope = NewDisposeScope();
        return Encoder.Embed(Encoder.Features(viewsBCSS)).MoveToOuterDisposeScope();
    }

    /// <summary>Draws views from embeddings: G(z), B × 3 × S × S.</summary>
    public Tensor Generate(Tensor embeddingsBD) => _generator.call(embeddingsBD);

    /// <summary>What the discriminator lessens: −log D(x, E(x)) − log(1 − D(G(z), z)), the mean over the batch. E and G get no gradient.</summary>
    /// <param name="real">Views with their embeddings.</param>
    /// <param name="drawn">Drawn views with the embeddings they were drawn from.</param>
    /// <param name="generator">Where the dropout comes from.</param>
    /// <returns>The loss, and the mean of D on either kind. Scalars; the caller disposes them.</returns>
    public (Tensor Loss, Tensor OnReal, Tensor OnDrawn) DiscriminatorLoss(
        ImageEmbeddings real,
        ImageEmbeddings drawn,
        Generator generator
    )
    {
        using var scope = NewDisposeScope();
        var (realB, drawnB) = Judge(
            new ImageEmbeddings(real.ViewsBCSS.detach(), real.EmbeddingsBD.detach()),
            new ImageEmbeddings(drawn.ViewsBCSS.detach(), drawn.EmbeddingsBD.detach()),
            generator
        );
        var loss = Telling(realB, ones_like(realB)).Plus(Telling(drawnB, zeros_like(drawnB)));
        return (
            loss.MoveToOuterDisposeScope(),
            realB.detach().sigmoid().mean().MoveToOuterDisposeScope(),
            drawnB.detach().sigmoid().mean().MoveToOuterDisposeScope()
        );
    }

    /// <summary>
    /// What the encoder and the generator lessen: −log(1 − D(x, E(x))) − log D(G(z), z), the mean over the batch. The discriminator's
    /// weights get no gradient.
    /// </summary>
    /// <remarks>
    /// Not the discriminator's loss with the other sign, whose gradient fades as the discriminator gets good, but that with the two kinds
    /// exchanged: it has the same fixed point (Goodfellow et al. 2014, section 3; Donahue et al. 2017, section 3.4).
    /// </remarks>
    /// <inheritdoc cref="DiscriminatorLoss"/>
    /// <returns>The loss, a scalar. The caller disposes it.</returns>
    public Tensor MakerLoss(ImageEmbeddings real, ImageEmbeddings drawn, Generator generator)
    {
        using var scope = NewDisposeScope();
        Learn(_discriminator, false);
        var (realB, drawnB) = Judge(real, drawn, generator);
        Learn(_discriminator, true);
        var loss = Telling(realB, zeros_like(realB)).Plus(Telling(drawnB, ones_like(drawnB)));
        return loss.MoveToOuterDisposeScope();
    }

    /// <summary>The discriminator's logits, B of each kind, from one batch of both: see <see cref="PairDiscriminator.Forward"/>.</summary>
    private (Tensor RealB, Tensor DrawnB) Judge(ImageEmbeddings real, ImageEmbeddings drawn, Generator generator)
    {
        using var scope = NewDisposeScope();
        var count = real.ViewsBCSS.shape[0];
        var bothB = _discriminator.Forward(
            cat([real.ViewsBCSS, drawn.ViewsBCSS]),
            cat([real.EmbeddingsBD, drawn.EmbeddingsBD]),
            generator
        );
        return (
            bothB.narrow(0, 0, count).MoveToOuterDisposeScope(),
            bothB.narrow(0, count, drawn.ViewsBCSS.shape[0]).MoveToOuterDisposeScope()
        );
    }

    /// <summary>The binary cross-entropy of logits, the mean: −log D where the answer is 1, −log(1 − D) where it is 0.</summary>
    private static Tensor Telling(Tensor logitsB, Tensor answersB) =>
        nn.functional.binary_cross_entropy_with_logits(logitsB, answersB);

    private static void Learn(nn.Module module, bool learn)
    {
        foreach (var parameter in module.parameters())
            parameter.requires_grad = learn;
    }
}
