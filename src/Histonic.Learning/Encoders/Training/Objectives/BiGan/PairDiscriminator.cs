// Shapes: B patches, C colours, S the side of a view, D length of an embedding, W width of the dense layers.
using Histonic.Slides;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Histonic.Learning.Encoders.Training.Objectives.BiGan;

/// <summary>The discriminator of <see cref="BiGanNetwork"/>: does an embedding come from a patch, or a patch from an embedding?</summary>
internal sealed class PairDiscriminator : nn.Module
{
    private const int Width = 1024;
    private const int ShallowWidth = 128;
    private const double Dropout = 0.5;
    private static readonly Scalar _scale = (1 / (1 - Dropout)).ToScalar();

    private readonly EncoderNetwork _picture;
    private readonly Linear _dense0;
    private readonly Linear _dense1;
    private readonly Linear _last;

    /// <summary>Creates a discriminator with random weights.</summary>
    /// <param name="shape">The encoder's shape, for the layers that look at the picture.</param>
    /// <param name="seed">Where the weights come from.</param>
    public PairDiscriminator(EncoderShape shape, Seed seed)
        : base(nameof(PairDiscriminator))
    {
        _picture = EncoderNetwork.Create(shape, seed);
        using var generator = new Generator((ulong)(uint)seed.Number("dense weights"), CPU);
        var width = shape.Architecture == EncoderArchitecture.Shallow ? ShallowWidth : Width;
        _dense0 = nn.Linear(2 * shape.Channels, width);
        _dense1 = nn.Linear(width, width);
        _last = nn.Linear(width, 1);
        WeightInitialization.HeUniform(_dense0.weight, _dense0.bias, generator);
        WeightInitialization.HeUniform(_dense1.weight, _dense1.bias, generator);
        WeightInitialization.GlorotUniform(_last.weight, _last.bias, generator);
        register_module("picture", _picture);
        register_module("dense0", _dense0);
        register_module("dense1", _dense1);
        register_module("last", _last);
    }

    /// <summary>Judges views with their embeddings.</summary>
    /// <remarks>
    /// In training real and drawn views come in one batch. Batch norm over either kind alone would take away in what the two differ on the
    /// whole, the mean colour first: the generator would not learn it.
    /// </remarks>
    /// <param name="viewsBCSS">RGB in [-1, 1].</param>
    /// <param name="embeddingsBD">One a view.</param>
    /// <param name="generator">Where the dropout comes from, in training.</param>
    /// <returns>For each the logit of its being a real view: B. The caller disposes it.</returns>
    public Tensor Forward(Tensor viewsBCSS, Tensor embeddingsBD, Generator generator)
    {
        using var scope = NewDisposeScope();
        var seenBD = _picture.Embed(_picture.Features(viewsBCSS));
        var xBW = Hidden(_dense0, cat([seenBD, embeddingsBD], 1), generator);
        xBW = Hidden(_dense1, xBW, generator);
        return _last.call(xBW).squeeze(1).MoveToOuterDisposeScope();
    }

    private Tensor Hidden(Linear dense, Tensor inputBX, Generator generator)
    {
        var activeBW = dense.call(inputBX).Leaky();
        if (!training)
            return activeBW;
        // libtorch's own dropout draws from the global generator
        var keptBW = empty(activeBW.shape).bernoulli_(1 - Dropout, generator).mul_(_scale);
        return activeBW * keptBW.to(activeBW.dtype).to(activeBW.device);
    }
}
