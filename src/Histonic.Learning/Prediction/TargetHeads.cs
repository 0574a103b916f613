using Histonic.Learning.Tensors;
using Histonic.Slides.Cohorts;
using static TorchSharp.torch;
using SlidePrediction = Histonic.Slides.Cohorts.Prediction;

namespace Histonic.Learning.Prediction;

// Shapes: B slides of the batch, O outputs of all heads, side by side in the order of the targets.

/// <summary>What stands between a network's outputs and its targets: a head for each.</summary>
/// <remarks>
/// Losses and metrics of a target are of the slides whose truth is known. The loss is the mean of the targets' own by their weights: each is the mean
/// over its slides of the batch, so that a target known of few slides counts as much as one known of all. For the choice of the epoch
/// the targets' metrics are put on one scale, from 0 (chance) to 1 (perfect): 2 · AUC − 1, 2 · C − 1, and Spearman's ρ as it is.
/// With one target, loss and metric are its own.
/// </remarks>
internal sealed class TargetHeads
{
    private readonly IReadOnlyList<RunTarget> _targets;
    private readonly SlideHead[] _heads;
    private readonly double[] _weights; // their sum is 1

    private TargetHeads(IReadOnlyList<RunTarget> targets, SlideHead[] heads)
    {
        (_targets, _heads) = (targets, heads);
        var sum = targets.Sum(target => target.Weight);
        _weights = [.. targets.Select(target => target.Weight / sum)];
    }

    /// <summary>Gets the number O of outputs the network needs.</summary>
    public int Outputs => _heads.Sum(head => head.Outputs);

    /// <summary>Gets how many numbers <see cref="Activate"/> gives.</summary>
    public int Activated => _heads.Sum(head => head.Activated);

    /// <summary>Gets the number of targets.</summary>
    public int Count => _heads.Length;

    /// <summary>Gets the head of each target.</summary>
    public IReadOnlyList<SlideHead> Heads => _heads;

    /// <summary>Gets the name of <see cref="Metric"/> in logs.</summary>
    public string MetricName => _heads is [var one] ? one.MetricName : "skill";

    /// <summary>Gets the names of <see cref="MetricsOf"/> in logs.</summary>
    public IEnumerable<string> MetricNames =>
        _heads.Select((head, t) => $"{_targets[t].Spec.Name}:validation_{head.MetricName}");

    /// <summary>The heads of a run's targets.</summary>
    /// <param name="targets">The targets.</param>
    /// <param name="classWeights">How classes are balanced in training: <see cref="PredictorOptions.ClassWeights"/>.</param>
    public static TargetHeads For(IReadOnlyList<RunTarget> targets, string classWeights = "batches")
    {
        var balances = ClassBalance.Of(
            classWeights,
            [.. targets.Select(target => (target.Spec.Name, (IReadOnlyList<string>)target.Classes))]
        );
        return new(
            targets,
            [.. targets.Select((target, t) => SlideHead.For(target.Spec, target.Classes, target.Loss, balances[t]))]
        );
    }

    /// <summary>What one unit of output and its zero mean, for each target, from the training slides.</summary>
    public (double Centre, double Scale)[] Standard(IReadOnlyList<LabelledSlide> training) =>
        [
            .. _heads.Select(
                (head, t) => head.Standard([.. training.Select(slide => slide.Truths[t]).Where(truth => truth.IsKnown)])
            ),
        ];

    /// <summary>One epoch's batches: indices into the training slides.</summary>
    public IEnumerable<IReadOnlyList<int>> Batches(IReadOnlyList<LabelledSlide> training, int size, Random random) =>
        _heads is [var one]
            ? one.Batches([.. training.Select(slide => slide.Truth)], size, random)
            : JointBatches.Deal(
                [
                    .. _heads.Select(
                        (head, t) =>
                            training
                                .Select(slide => slide.Truths[t].IsKnown ? head.KindOf(slide.Truths[t]) : -1)
                                .ToArray()
                    ),
                ],
                [.. _heads.Select(head => head.DealsEvenly)],
                size,
                random
            );

    /// <summary>The loss to train on, a scalar.</summary>
    /// <param name="outputsBO">The network's outputs.</param>
    /// <param name="slides">The B slides.</param>
    /// <param name="standard">What <see cref="Standard"/> gave.</param>
    public Tensor Loss(
        Tensor outputsBO,
        IReadOnlyList<LabelledSlide> slides,
        IReadOnlyList<(double Centre, double Scale)> standard
    )
    {
        if (_heads is [var one])
            return one.Loss(outputsBO, [.. slides.Select(slide => slide.Truth)], standard[0]);
        using var scope = NewDisposeScope();
        var sum = zeros([], dtype: outputsBO.dtype);
        var start = 0;
        foreach (var (t, head) in _heads.Index())
        {
            var known = Enumerable.Range(0, slides.Count).Where(b => slides[b].Truths[t].IsKnown).ToArray();
            if (known.Length > 0)
            {
                var own = outputsBO
                    .index_select(0, tensor(Array.ConvertAll(known, b => (long)b)))
                    .narrow(1, start, head.Outputs);
                var loss = head.Loss(own, [.. known.Select(b => slides[b].Truths[t])], standard[t]);
                sum = sum.Plus(loss.Times(_weights[t]));
            }

            start += head.Outputs;
        }

        return sum.MoveToOuterDisposeScope();
    }

    /// <summary>The outputs in the units that are averaged over looks and folds, target after target.</summary>
    public double[] Activate(ReadOnlySpan<double> outputs, IReadOnlyList<(double Centre, double Scale)> standard)
    {
        List<double> activated = new(Activated);
        foreach (var (t, head) in _heads.Index())
        {
            activated.AddRange(head.Activate(outputs[..head.Outputs], standard[t]));
            outputs = outputs[head.Outputs..];
        }

        return [.. activated];
    }

    /// <summary>The loss of activated outputs, for choosing the best epoch.</summary>
    public double LossOf(
        IReadOnlyList<double[]> activated,
        IReadOnlyList<LabelledSlide> slides,
        IReadOnlyList<(double Centre, double Scale)> standard
    ) =>
        Enumerable
            .Range(0, Count)
            .Select(t => (Target: t, Known: Own(activated, slides, t)))
            .Where(one => one.Known.Truths.Length > 0)
            .Sum(one =>
                _weights[one.Target]
                * _heads[one.Target].LossOf(one.Known.Activated, one.Known.Truths, standard[one.Target])
            );

    /// <summary>Each target's own metric; null where its truths cannot tell.</summary>
    public double?[] MetricsOf(IReadOnlyList<double[]> activated, IReadOnlyList<LabelledSlide> slides) =>
        [
            .. _heads.Select(
                (head, t) =>
                    Own(activated, slides, t) is { Truths.Length: > 0 } known
                        ? head.Metric(known.Activated, known.Truths)
                        : null
            ),
        ];

    /// <summary>By what the best epoch is chosen, the higher the better; null when no target's truths can tell.</summary>
    /// <param name="metrics">What <see cref="MetricsOf"/> gave.</param>
    public double? Metric(IReadOnlyList<double?> metrics)
    {
        if (metrics is [var one])
            return one;
        // one that cannot tell counts as chance in every epoch, and so chooses none
        return metrics.All(metric => metric is null)
            ? null
            : metrics
                .Select(
                    (metric, t) =>
                        _weights[t] * (((metric ?? _heads[t].Chance) - _heads[t].Chance) / (1 - _heads[t].Chance))
                )
                .Sum();
    }

    /// <summary>Writes a target's activated outputs into a prediction.</summary>
    /// <param name="target">Which target.</param>
    /// <param name="slide">The prediction.</param>
    /// <param name="activated">The activated outputs of all targets.</param>
    public SlidePrediction Predict(int target, SlidePrediction slide, IReadOnlyList<double> activated) =>
        _heads[target].Predict(slide, [.. activated.Skip(StartOf(target)).Take(_heads[target].Activated)]);

    /// <summary>Where the score of a target's prediction stands among activated outputs.</summary>
    public int ScoreIndex(int target) => StartOf(target) + _heads[target].ScoreIndex;

    /// <summary>Where a target's outputs begin among those of the network.</summary>
    public int OutputOf(int target) => _heads.Take(target).Sum(head => head.Outputs);

    private int StartOf(int target) => _heads.Take(target).Sum(head => head.Activated);

    private (double[][] Activated, Truth[] Truths) Own(
        IReadOnlyList<double[]> activated,
        IReadOnlyList<LabelledSlide> slides,
        int target
    )
    {
        var known = Enumerable.Range(0, slides.Count).Where(i => slides[i].Truths[target].IsKnown).ToArray();
        var start = StartOf(target);
        return (
            [.. known.Select(i => activated[i][start..(start + _heads[target].Activated)])],
            [.. known.Select(i => slides[i].Truths[target])]
        );
    }
}
