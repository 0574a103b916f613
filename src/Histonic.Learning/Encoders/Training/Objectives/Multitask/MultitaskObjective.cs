// Shapes: B patches of a batch, T the patches of one task in it, C colours, S the side of a view, K classes.
using Histonic.Learning.Encoders.Scoring;
using Histonic.Learning.Encoders.Training.Data;
using Histonic.Learning.Tensors;
using Histonic.Slides;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Histonic.Learning.Encoders.Training.Objectives.Multitask;

/// <summary>Supervised multitask learning (P1): the cross-entropies of several labelled tasks. With one task, P2's supervised encoder.</summary>
/// <remarks>
/// The loss is the mean over tasks of the weighted cross-entropies L. Weights: all 1; given; or learned (Kendall, Gal and Cipolla,
/// CVPR 2018, equation 10): each task's part is e⁻ˢ · L + s / 2 with a learned s, so that tasks which cannot be done well count less.
/// The best epoch is the one with the highest mean over tasks of the validation AUC: unlike accuracy, it does not hang on a
/// threshold, which balanced batches have moved, and one patch changes it little in a small set. A task whose validation patches come
/// from fewer than <see cref="PatchTask.FewGroups"/> patients or slides counts in proportion to their number: the area of one slide's patches
/// jumps between 0 and 1 from epoch to epoch and would choose alone. Of equal epochs the one with the lower validation loss, weighted likewise, wins.
/// </remarks>
internal sealed class MultitaskObjective : IObjective
{
    private static readonly string[] _scores = ["loss", "accuracy", "balanced_accuracy", "auc"];

    private readonly MultitaskNetwork _network;
    private readonly IReadOnlyList<PatchTask> _tasks;
    private readonly HeldOutViews _views;
    private readonly double[]? _weights;
    private readonly double[] _trust;
    private readonly Seed _seed;

    /// <summary>Creates the objective with random weights.</summary>
    /// <param name="tasks">The tasks.</param>
    /// <param name="options">How they are trained.</param>
    /// <param name="views">Shows held-out patches.</param>
    /// <exception cref="OptionException">The batch is too small for these tasks.</exception>
    public MultitaskObjective(IReadOnlyList<PatchTask> tasks, EncoderTrainingOptions options, HeldOutViews views)
    {
        (_tasks, _views, _seed) = (tasks, views, options.Seed);
        _weights = options.Weighting == LossWeighting.Given ? [.. tasks.Select(task => task.Options.Weight)] : null;
        _trust =
        [
            .. tasks.Select(task => Math.Min(1, task.GroupsOf(SplitPart.Validation) / (double)PatchTask.FewGroups)),
        ];
        Planner = new BalancedPlanner(tasks, BatchSize(tasks, options.Batch), byClass: true, options.Seed);
        _network = new MultitaskNetwork(
            options.Encoder,
            [.. tasks.Select(task => task.Classes.Count)],
            options.Weighting == LossWeighting.Uncertainty,
            options.Seed
        );
        LossNames =
        [
            "loss",
            .. tasks.Select(task => $"{task.Name}_loss"),
            .. _network.LogVariancesT is null ? [] : tasks.Select(task => $"{task.Name}_weight"),
        ];
        ScoreNames = [.. tasks.SelectMany(task => _scores.Select(name => $"{task.Name}_validation_{name}"))];
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
    public IReadOnlyList<string> LossNames { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> ScoreNames { get; }

    /// <inheritdoc/>
    public IBatchPlanner Planner { get; }

    /// <inheritdoc/>
    public double[] Step(Tensor viewsBCSS, BatchPlan plan, Random random, Descend descend)
    {
        using var scope = NewDisposeScope();
        var labelsB = tensor(plan.Labels, device: viewsBCSS.device);
        var logits = _network.Forward(viewsBCSS, plan.Counts);
        var losses = new Tensor[_tasks.Count];
        var first = 0;
        for (var task = 0; task < losses.Length; task++)
        {
            var labelsT = labelsB.narrow(0, first, plan.Counts[task]);
            losses[task] = nn.functional.cross_entropy(logits[task]!, labelsT);
            first += plan.Counts[task];
        }

        var lossesT = stack(losses);
        var loss = Weighted(lossesT).mean();
        double[] each = [.. lossesT.detach().to(ScalarType.Float64).cpu().data<double>()];
        double[] learned = _network.LogVariancesT is { } s
            ? [.. s.detach().neg().exp().to(ScalarType.Float64).cpu().data<double>()]
            : [];
        descend(0, loss);
        return [loss.Number(), .. each, .. learned];
    }

    /// <inheritdoc/>
    public Validation Validate(CancellationToken cancellationToken)
    {
        var scores = Outputs(SplitPart.Validation, cancellationToken).Select(task => task.Score()).ToList();
        return new Validation(
            Mean(score => score.Choice),
            Mean(score => score.Loss),
            [
                .. scores.SelectMany(score =>
                    new[] { score.Loss, score.Accuracy, score.BalancedAccuracy, score.Auc ?? double.NaN }
                ),
            ]
        );

        // a task without a validation patch has neither loss nor weight
        double Mean(Func<TaskScore, double> of) =>
            scores.Zip(_trust).Where(one => one.Second > 0).Sum(one => of(one.First) * one.Second)
            / Math.Max(_trust.Sum(), double.Epsilon);
    }

    /// <inheritdoc/>
    public IReadOnlyList<ObjectiveFigures> Figures(SplitPart part, Action<string> undetermined) =>
        [
            .. Outputs(part, CancellationToken.None)
                .Zip(
                    _tasks,
                    (outputs, task) =>
                        new ObjectiveFigures(
                            task.Name,
                            task.GroupsOf(part),
                            outputs.Truth.Length == 0
                                ? new Dictionary<string, Statistics.Estimate>(StringComparer.Ordinal)
                                : outputs.Estimates(
                                    new Seed(_seed.Number($"bootstrap {task.Name} {part}")),
                                    message => undetermined($"{task.Name}, {part} patches: {message}")
                                )
                        )
                ),
        ];

    /// <inheritdoc/>
    public void Dispose() => _network.Dispose();

    private Tensor Weighted(Tensor lossesT)
    {
        if (_network.LogVariancesT is { } s)
            return lossesT.mul(s.neg().exp()).Plus(s.mul(TorchScalars.Half));
        return _weights is { } given ? lossesT * tensor(given, lossesT.dtype, lossesT.device) : lossesT;
    }

    /// <summary>What each head says of one part of its task.</summary>
    private List<TaskOutputs> Outputs(SplitPart part, CancellationToken cancellationToken)
    {
        var training = _network.training;
        _network.eval();
        try
        {
            return [.. Enumerable.Range(0, _tasks.Count).Select(task => Outputs(task, part, cancellationToken))];
        }
        finally
        {
            _network.train(training);
        }
    }

    private TaskOutputs Outputs(int task, SplitPart part, CancellationToken cancellationToken)
    {
        List<PatchSample> samples = [.. _tasks[task].Of(part)];
        var classes = _tasks[task].Classes.Count;
        var probabilities = new double[samples.Count * classes];
        var loss = 0.0;
        _views.Show(
            samples,
            (viewsBCSS, first) =>
            {
                var counts = new int[_tasks.Count];
                counts[task] = (int)viewsBCSS.shape[0];
                var logitsBK = _network.Forward(viewsBCSS, counts)[task]!;
                var log = nn.functional.log_softmax(logitsBK, 1).to(ScalarType.Float64).cpu().data<double>();
                for (var i = 0; i < counts[task]; i++)
                {
                    for (var k = 0; k < classes; k++)
                        probabilities[((first + i) * classes) + k] = Math.Exp(log[(i * classes) + k]);
                    loss -= log[(i * classes) + samples[first + i].Class];
                }
            },
            cancellationToken
        );
        return TaskOutputs.Of(
            samples.Select(sample => (sample.Class, sample.Group)),
            classes,
            probabilities,
            loss / samples.Count
        );
    }

    private static int BatchSize(IReadOnlyList<PatchTask> tasks, int batch)
    {
        var shares = tasks.Sum(task => task.Options.Share);
        var least = (int)
            Math.Ceiling(
                tasks.Max(task =>
                {
                    double[] classes =
                    [
                        .. task.Classes.Select(name => task.Options.ClassShares.GetValueOrDefault(name, 1)),
                    ];
                    return shares / task.Options.Share * (classes.Sum() / classes.Min());
                }) - 1e-9
            );
        return batch >= least
            ? batch
            : throw new OptionException(
                "--batch",
                batch,
                $"at least {least}, so that every batch holds every class of these tasks"
            );
    }
}
