// Shapes: B patches of a batch, T the patches of one task in it, C colours, S the side of a view, D length of an embedding, K classes.
using Histonic.Slides;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Histonic.Learning.Encoders.Training.Objectives.Multitask;

/// <summary>One encoder, one head a task: dense 256, batch norm, LeakyReLU, linear to the classes.</summary>
/// <remarks>
/// <code>
/// view 64 × 64 × 3, pooled already
/// encoder                                   128
/// for each task: dense                      256
///                batch norm, LeakyReLU 0.2
///                dense, linear              K
/// </code>
/// The heads are those of P2's supervised encoders (papers.md 2.2 and 2.4); P1's own are not published. With weights learned
/// by uncertainty each task has one more number, s: see <see cref="MultitaskObjective"/>.
/// </remarks>
internal sealed class MultitaskNetwork : nn.Module
{
    internal const int HeadWidth = DenseHead.Width;

    private const string LogVariances = "log_variances";

    private readonly ModuleList<DenseHead> _heads;

    /// <summary>Creates a network with random weights.</summary>
    /// <param name="shape">The encoder's shape.</param>
    /// <param name="classes">The number of classes of each task, each at least 2.</param>
    /// <param name="uncertainty">Whether the tasks' weights are learned.</param>
    /// <param name="seed">Where the weights come from.</param>
    public MultitaskNetwork(EncoderShape shape, IReadOnlyList<int> classes, bool uncertainty, Seed seed)
        : base(nameof(MultitaskNetwork))
    {
        Encoder = EncoderNetwork.Create(shape, seed);
        _heads = new ModuleList<DenseHead>([
            .. classes.Select((count, task) => DenseHead.Create(shape.Channels, count, seed, $"head {task}")),
        ]);
        register_module("encoder", Encoder);
        register_module("heads", _heads);
        if (!uncertainty)
            return;
        register_parameter(LogVariances, nn.Parameter(zeros(classes.Count)));
    }

    /// <summary>Gets the encoder.</summary>
    public EncoderNetwork Encoder { get; }

    /// <summary>Gets the logarithm of each task's variance; null where weights are not learned.</summary>
    public Parameter? LogVariancesT => has_parameter(LogVariances) ? get_parameter(LogVariances) : null; // moving to a device makes another

    /// <summary>Scores the classes of each task.</summary>
    /// <param name="viewsBCSS">RGB in [-1, 1], the views of one task after those of another.</param>
    /// <param name="counts">How many views belong to each task; they sum to B.</param>
    /// <returns>Logits, T × K for each task; null for a task without a patch. The caller disposes them.</returns>
    public IReadOnlyList<Tensor?> Forward(Tensor viewsBCSS, IReadOnlyList<int> counts)
    {
        using var scope = NewDisposeScope();
        var embeddingsBD = Encoder.Embed(Encoder.Features(viewsBCSS));
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
}
