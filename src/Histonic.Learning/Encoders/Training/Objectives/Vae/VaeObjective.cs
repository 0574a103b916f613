// Shapes: B patches of a batch, C colours, S the side of a view, D length of an embedding.
using Histonic.Learning.Encoders.Training.Data;
using Histonic.Learning.Tensors;
using Histonic.Slides;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Histonic.Learning.Encoders.Training.Objectives.Vae;

/// <summary>P2's variational autoencoder: patches drawn again from embeddings that stay near the standard normal distribution.</summary>
/// <remarks>
/// Loss: (x − D(E(x, n)))², the mean over pixels and colours, + γ · KL, the divergence summed over the embedding. P2 prints the bracket
/// 1 + log σ² − μ² − σ² with a plus sign, which training would make endlessly large; here it is the divergence itself, −½ of that bracket.
/// The best epoch has the lowest loss on the validation patches, with the same noise each time.
/// </remarks>
internal sealed class VaeObjective : IObjective
{
    private readonly VaeNetwork _network;
    private readonly IReadOnlyList<PatchTask> _tasks;
    private readonly HeldOutViews _views;
    private readonly double _gamma;
    private readonly Seed _seed;

    /// <summary>Creates the objective with random weights.</summary>
    /// <param name="tasks">Where the patches come from; their labels are not looked at.</param>
    /// <param name="options">How it is trained.</param>
    /// <param name="views">Shows held-out patches.</param>
    public VaeObjective(IReadOnlyList<PatchTask> tasks, EncoderTrainingOptions options, HeldOutViews views)
    {
        (_tasks, _views, _gamma, _seed) = (tasks, views, options.VaeGamma, options.Seed);
        Planner = new BalancedPlanner(tasks, options.Batch, byClass: false, options.Seed);
        _network = new VaeNetwork(options.Encoder, options.DecoderWidth, options.Seed);
    }

    /// <inheritdoc/>
    public EncoderNetwork Encoder => _network.Encoder;

    /// <inheritdoc/>
    public nn.Module Network => _network;

    /// <inheritdoc/>
    public IReadOnlyList<IReadOnlyList<Parameter>> Players =>
        [
            [.. _network.parameters()],
        ];

    /// <inheritdoc/>
    public IReadOnlyList<string> LossNames { get; } = ["loss", "reconstruction_error", "divergence"];

    /// <inheritdoc/>
    public IReadOnlyList<string> ScoreNames { get; } =
    ["validation_loss", "validation_reconstruction_error", "validation_divergence"];

    /// <inheritdoc/>
    public IBatchPlanner Planner { get; }

    /// <inheritdoc/>
    public double[] Step(Tensor viewsBCSS, BatchPlan plan, Random random, Descend descend)
    {
        using var scope = NewDisposeScope();
        using var generator = LatentNoise.From(random);
        var (loss, error, divergence) = _network.Loss(
            viewsBCSS,
            LatentNoise.Draw(Encoder.Shape.Channels, viewsBCSS, generator),
            _gamma
        );
        descend(0, loss);
        return [loss.Number(), error.Number(), divergence.Number()];
    }

    /// <inheritdoc/>
    public Validation Validate(CancellationToken cancellationToken)
    {
        var samples = HeldOutPatches.All(_tasks, SplitPart.Validation);
        var sums = new double[3];
        using var generator = new Generator((ulong)(uint)_seed.Number("validation noise"), CPU);
        HeldOutPatches.Look(
            _network,
            () =>
            {
                _views.Show(
                    samples,
                    (viewsBCSS, _) =>
                    {
                        var (loss, error, divergence) = _network.Loss(
                            viewsBCSS,
                            LatentNoise.Draw(Encoder.Shape.Channels, viewsBCSS, generator),
                            _gamma
                        );
                        Tensor[] each = [loss, error, divergence];
                        for (var i = 0; i < sums.Length; i++)
                            sums[i] += viewsBCSS.shape[0] * each[i].Number();
                    },
                    cancellationToken
                );
                return sums;
            }
        );
        double[] means = [.. sums.Select(sum => sum / samples.Count)]; // without a patch: no number, and the last weights are the best
        return new Validation(-means[0], means[1], means);
    }

    /// <inheritdoc/>
    public IReadOnlyList<ObjectiveFigures> Figures(SplitPart part, Action<string> undetermined)
    {
        var samples = HeldOutPatches.All(_tasks, part);
        var errors = HeldOutPatches.Look(
            _network,
            () =>
                HeldOutPatches.ReconstructionErrors(
                    _views,
                    samples,
                    viewsBCSS => _network.Decode(_network.Encode(viewsBCSS).MeanBD),
                    CancellationToken.None
                )
        );
        return
        [
            HeldOutPatches.Mean(
                "reconstruction_error",
                errors,
                [.. samples.Select(sample => sample.Group)],
                new Seed(_seed.Number($"bootstrap {part}")),
                message => undetermined($"{part} patches: {message}")
            ),
        ];
    }

    /// <inheritdoc/>
    public void Dispose() => _network.Dispose();
}
