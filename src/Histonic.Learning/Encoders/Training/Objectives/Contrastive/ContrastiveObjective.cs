// Shapes: B pairs of a batch, C colours, S the side of a view.
using Histonic.Learning.Encoders.Training.Data;
using Histonic.Learning.Tensors;
using Histonic.Slides;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Histonic.Learning.Encoders.Training.Objectives.Contrastive;

/// <summary>P2's contrastive encoder: tell two views of the same place from views of different ones.</summary>
/// <remarks>
/// Loss: the binary cross-entropy. The best epoch has the highest accuracy on pairs of validation patches, of equal ones the lower loss. Those
/// pairs are the same each time, and changed as in training: unchanged, the two views of one place would be one picture.
/// </remarks>
internal sealed class ContrastiveObjective : IObjective
{
    private const int HeldOutPairs = 2000;

    private readonly ContrastiveNetwork _network;
    private readonly IReadOnlyList<PatchTask> _tasks;
    private readonly HeldOutViews _views;
    private readonly double _neighbourShare;
    private readonly Seed _seed;

    /// <summary>Creates the objective with random weights.</summary>
    /// <param name="tasks">Where the patches come from; their labels are not looked at.</param>
    /// <param name="options">How it is trained.</param>
    /// <param name="views">Shows held-out patches.</param>
    public ContrastiveObjective(IReadOnlyList<PatchTask> tasks, EncoderTrainingOptions options, HeldOutViews views)
    {
        (_tasks, _views, _neighbourShare, _seed) = (tasks, views, options.NeighbourShare, options.Seed);
        Planner = new PairPlanner(tasks, options.Batch, options.NeighbourShare, options.Seed);
        _network = new ContrastiveNetwork(options.Encoder, options.Seed);
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
    public IReadOnlyList<string> LossNames { get; } = ["loss", "pair_accuracy"];

    /// <inheritdoc/>
    public IReadOnlyList<string> ScoreNames { get; } = ["validation_loss", "validation_pair_accuracy"];

    /// <inheritdoc/>
    public IBatchPlanner Planner { get; }

    /// <inheritdoc/>
    public double[] Step(Tensor viewsBCSS, BatchPlan plan, Random random, Descend descend)
    {
        using var scope = NewDisposeScope();
        var sameB = tensor(plan.Labels, viewsBCSS.dtype, viewsBCSS.device);
        var logitsB = _network.Compare(viewsBCSS);
        var loss = ContrastiveNetwork.Loss(logitsB, sameB);
        var right = logitsB
            .detach()
            .to(ScalarType.Float64)
            .cpu()
            .data<double>()
            .Zip(plan.Labels)
            .Average(pair => pair.First > 0 == (pair.Second == 1) ? 1.0 : 0);
        descend(0, loss);
        return [loss.Number(), right];
    }

    /// <inheritdoc/>
    public Validation Validate(CancellationToken cancellationToken)
    {
        var (pairs, logits) = Look(SplitPart.Validation, cancellationToken);
        if (pairs.Count == 0)
            return new Validation(double.NaN, double.NaN, [double.NaN, double.NaN]);
        // ln(1 + e^-x) for the same place, ln(1 + e^x) for another, without overflow
        var loss = pairs
            .Zip(logits, (pair, logit) => pair.Same ? -logit : logit)
            .Average(wrong => Math.Max(wrong, 0) + Math.Log(1 + Math.Exp(-Math.Abs(wrong))));
        var accuracy = Right(pairs, logits).Average();
        return new Validation(accuracy, loss, [loss, accuracy]);
    }

    /// <inheritdoc/>
    public IReadOnlyList<ObjectiveFigures> Figures(SplitPart part, Action<string> undetermined)
    {
        var (pairs, logits) = Look(part, CancellationToken.None);
        return
        [
            HeldOutPatches.Mean(
                "pair_accuracy",
                Right(pairs, logits),
                [.. pairs.Select(pair => pair.First.Sample.Group)],
                new Seed(_seed.Number($"bootstrap {part}")),
                message => undetermined($"{part} pairs: {message}")
            ),
        ];
    }

    /// <inheritdoc/>
    public void Dispose() => _network.Dispose();

    /// <summary>What the network says of held-out pairs.</summary>
    private (IReadOnlyList<PlannedPair> Pairs, double[] Logits) Look(
        SplitPart part,
        CancellationToken cancellationToken
    )
    {
        var pairs = PairPlanner.HeldOut(_tasks, part, HeldOutPairs, _neighbourShare, _seed);
        var logits = new double[pairs.Count];
        HeldOutPatches.Look(
            _network,
            () =>
            {
                _views.Show(
                    [.. pairs.SelectMany(pair => new[] { pair.First, pair.Second })],
                    (viewsBCSS, first) =>
                    {
                        var halvesBCSS = cat([
                            viewsBCSS[TensorIndex.Slice(0, null, 2)],
                            viewsBCSS[TensorIndex.Slice(1, null, 2)],
                        ]);
                        foreach (var (i, logit) in _network.Compare(halvesBCSS).cpu().data<float>().Index())
                            logits[(first / 2) + i] = logit;
                    },
                    cancellationToken
                );
                return logits;
            }
        );
        return (pairs, logits);
    }

    private static double[] Right(IReadOnlyList<PlannedPair> pairs, double[] logits) =>
        [.. pairs.Zip(logits, (pair, logit) => logit > 0 == pair.Same ? 1.0 : 0)];
}
