// Shapes: B patches of a batch, C colours, S the side of a view, D length of an embedding.
using Histonic.Learning.Encoders.Training.Data;
using Histonic.Learning.Tensors;
using Histonic.Slides;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Histonic.Learning.Encoders.Training.Objectives.BiGan;

/// <summary>P2's BiGAN: encoder and generator together against a discriminator that sees pictures with their embeddings.</summary>
/// <remarks>
/// Each batch: E(x) and G(z) once; a step of the discriminator; then a step of encoder and generator against the discriminator as it is
/// now. As in P2 the learning rate is fixed and the last epoch is kept, since no loss of such a game tells which weights are the best; the
/// reconstruction error of validation patches, mean |x − G(E(x))|², is logged for people to look at.
/// </remarks>
internal sealed class BiGanObjective : IObjective
{
    private readonly BiGanNetwork _network;
    private readonly IReadOnlyList<PatchTask> _tasks;
    private readonly HeldOutViews _views;
    private readonly Seed _seed;

    /// <summary>Creates the objective with random weights.</summary>
    /// <param name="tasks">Where the patches come from; their labels are not looked at.</param>
    /// <param name="options">How it is trained.</param>
    /// <param name="views">Shows held-out patches.</param>
    public BiGanObjective(IReadOnlyList<PatchTask> tasks, EncoderTrainingOptions options, HeldOutViews views)
    {
        (_tasks, _views, _seed) = (tasks, views, options.Seed);
        Planner = new BalancedPlanner(tasks, options.Batch, byClass: false, options.Seed);
        _network = new BiGanNetwork(options.Encoder, options.DecoderWidth, options.Seed);
    }

    /// <inheritdoc/>
    public EncoderNetwork Encoder => _network.Encoder;

    /// <inheritdoc/>
    public nn.Module Network => _network;

    /// <inheritdoc/>
    public IReadOnlyList<IReadOnlyList<Parameter>> Players =>
        [_network.DiscriminatorParameters, _network.MakerParameters];

    /// <inheritdoc/>
    public IReadOnlyList<string> LossNames { get; } =
    ["discriminator_loss", "generator_loss", "mean_on_real", "mean_on_drawn"];

    /// <inheritdoc/>
    public IReadOnlyList<string> ScoreNames { get; } = ["validation_reconstruction_error"];

    /// <inheritdoc/>
    public IBatchPlanner Planner { get; }

    /// <inheritdoc/>
    public double[] Step(Tensor viewsBCSS, BatchPlan plan, Random random, Descend descend)
    {
        using var scope = NewDisposeScope();
        using var generator = LatentNoise.From(random);
        var zBD = LatentNoise.Draw(Encoder.Shape.Channels, viewsBCSS, generator);
        var real = new ImageEmbeddings(viewsBCSS, _network.Encode(viewsBCSS));
        var drawn = new ImageEmbeddings(_network.Generate(zBD), zBD);
        var (discriminator, onReal, onDrawn) = _network.DiscriminatorLoss(real, drawn, generator);
        descend(0, discriminator);
        var maker = _network.MakerLoss(real, drawn, generator);
        descend(1, maker);
        return [discriminator.Number(), maker.Number(), onReal.Number(), onDrawn.Number()];
    }

    /// <inheritdoc/>
    public Validation Validate(CancellationToken cancellationToken)
    {
        var errors = Errors(HeldOutPatches.All(_tasks, SplitPart.Validation), cancellationToken);
        return new Validation(double.NaN, double.NaN, [errors.Length == 0 ? double.NaN : errors.Average()]);
    }

    /// <inheritdoc/>
    public IReadOnlyList<ObjectiveFigures> Figures(SplitPart part, Action<string> undetermined)
    {
        var samples = HeldOutPatches.All(_tasks, part);
        return
        [
            HeldOutPatches.Mean(
                "reconstruction_error",
                Errors(samples, CancellationToken.None),
                [.. samples.Select(sample => sample.Group)],
                new Seed(_seed.Number($"bootstrap {part}")),
                message => undetermined($"{part} patches: {message}")
            ),
        ];
    }

    /// <inheritdoc/>
    public void Dispose() => _network.Dispose();

    private double[] Errors(IReadOnlyList<PatchSample> samples, CancellationToken cancellationToken) =>
        HeldOutPatches.Look(
            _network,
            () =>
                HeldOutPatches.ReconstructionErrors(
                    _views,
                    samples,
                    viewsBCSS => _network.Generate(_network.Encode(viewsBCSS)),
                    cancellationToken
                )
        );
}
