// Shapes: B pairs, C colours, S the side of a view, D length of an embedding.
using Histonic.Slides;
using static TorchSharp.torch;

namespace Histonic.Learning.Encoders.Training.Objectives.Contrastive;

/// <summary>P2's contrastive network: one encoder looks at both views of a pair, a head says whether they show the same place (papers.md 2.2).</summary>
/// <remarks>
/// <code>
/// view 1, view 2: the same encoder                        128 each
/// one after the other                                     256
/// dense, batch norm, LeakyReLU 0.2                        256
/// dense, sigmoid                                          1
/// </code>
/// </remarks>
internal sealed class ContrastiveNetwork : nn.Module
{
    private readonly DenseHead _head;

    /// <summary>Creates a network with random weights.</summary>
    /// <param name="shape">The encoder's shape.</param>
    /// <param name="seed">Where the weights come from.</param>
    public ContrastiveNetwork(EncoderShape shape, Seed seed)
        : base(nameof(ContrastiveNetwork))
    {
        Encoder = EncoderNetwork.Create(shape, seed);
        _head = DenseHead.Create(2 * shape.Channels, 1, seed, "pair head");
        register_module("encoder", Encoder);
        register_module("head", _head);
    }

    /// <summary>Gets the encoder.</summary>
    public EncoderNetwork Encoder { get; }

    /// <summary>Compares views.</summary>
    /// <param name="viewsBCSS">RGB in [-1, 1]: 2 B views, the first ones of all pairs, then the second ones in the same order.</param>
    /// <returns>For each pair the logit of its being the same place: B. The caller disposes it.</returns>
    public Tensor Compare(Tensor viewsBCSS)
    {
        using var scope = NewDisposeScope();
        var pairs = viewsBCSS.shape[0] / 2;
        var embeddingsBD = Encoder.Embed(Encoder.Features(viewsBCSS));
        var bothBD = cat([embeddingsBD.narrow(0, 0, pairs), embeddingsBD.narrow(0, pairs, pairs)], 1);
        return _head.call(bothBD).squeeze(1).MoveToOuterDisposeScope();
    }

    /// <summary>The binary cross-entropy of a batch, in nats.</summary>
    /// <param name="logitsB">What <see cref="Compare"/> returned.</param>
    /// <param name="sameB">1 for a pair of the same place, 0 for another.</param>
    /// <returns>The mean over pairs, a scalar. The caller disposes it.</returns>
    public static Tensor Loss(Tensor logitsB, Tensor sameB) =>
        nn.functional.binary_cross_entropy_with_logits(logitsB, sameB);
}
