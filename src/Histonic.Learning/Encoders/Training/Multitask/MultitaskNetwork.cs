// Shapes: B patches of a batch, T the patches of one task in it, C colours, H and W pixels, D length of an embedding, K classes.
using Histonic.Slides;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Histonic.Learning.Encoders.Training.Multitask;

/// <summary>One encoder, one head a task: dense 256, batch norm, LeakyReLU, linear to the classes.</summary>
/// <remarks>The heads are those of P2's supervised encoders (papers: section 2.2 and Table 1); P1's own are not published.</remarks>
public sealed class MultitaskNetwork : nn.Module
{
    internal const int HeadWidth = 256;

    private readonly PatchEncoderNetwork _encoder;
    private readonly ModuleList<Sequential> _heads;

    /// <summary>Creates a network with random weights.</summary>
    /// <param name="options">The encoder's shape.</param>
    /// <param name="classes">The number of classes of each task, each at least 2.</param>
    /// <param name="seed">Where the weights come from.</param>
    public MultitaskNetwork(PatchEncoderOptions options, IReadOnlyList<int> classes, Seed seed)
        : base(nameof(MultitaskNetwork))
    {
        _encoder = new PatchEncoderNetwork(options, seed);
        _heads = new ModuleList<Sequential>([
            .. classes.Select((count, task) => Head(options.Channels, count, seed, task)),
        ]);
        register_module("encoder", _encoder);
        register_module("heads", _heads);
    }

    /// <summary>Gets the encoder.</summary>
    public PatchEncoderNetwork Encoder => _encoder;

    /// <summary>Scores the classes of each task.</summary>
    /// <param name="patchesBCHW">RGB in [-1, 1], the patches of one task after those of another.</param>
    /// <param name="counts">How many patches belong to each task; they sum to B.</param>
    /// <returns>Logits, T × K for each task; null for a task without a patch. The caller disposes them.</returns>
    public IReadOnlyList<Tensor?> Forward(Tensor patchesBCHW, IReadOnlyList<int> counts)
    {
        using var scope = NewDisposeScope();
        var embeddingsBD = _encoder.call(patchesBCHW);
        var logits = new Tensor?[counts.Count];
        var first = 0;
        for (var task = 0; task < counts.Count; task++)
        {
            if (counts[task] == 0)
                continue;
            var embeddingsTD = embeddingsBD.narrow(0, first, counts[task]);
            logits[task] = _heads[task].call(embeddingsTD).MoveToOuterDisposeScope();
            first += counts[task];
        }

        return logits;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _encoder.Dispose();
            _heads.Dispose();
        }

        base.Dispose(disposing);
    }

    private static Sequential Head(int channels, int classes, Seed seed, int task)
    {
        var dense = nn.Linear(channels, HeadWidth);
        var linear = nn.Linear(HeadWidth, classes);
        using var generator = new Generator((ulong)(uint)seed.Number($"head {task}"), CPU);
        WeightInitialization.HeUniform(dense.weight, dense.bias, generator);
        WeightInitialization.GlorotUniform(linear.weight, linear.bias, generator);
        return nn.Sequential(
            ("dense", dense),
            (
                "norm",
                nn.BatchNorm1d(HeadWidth, PatchEncoderNetwork.BatchNormEpsilon, PatchEncoderNetwork.BatchNormMomentum)
            ),
            ("leaky", nn.LeakyReLU(PatchEncoderNetwork.LeakySlope)),
            ("linear", linear)
        );
    }
}
