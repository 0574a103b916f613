using Histonic.Slides.Cohorts;
using static TorchSharp.torch;
using SlidePrediction = Histonic.Slides.Cohorts.Prediction;

namespace Histonic.Learning.Prediction;

/// <summary>What stands between a network's outputs and one kind of target: its loss, batches, metric and prediction.</summary>
internal abstract class SlideHead
{
    /// <summary>Gets the number O of outputs the network needs.</summary>
    public abstract int Outputs { get; }

    /// <summary>Gets how many numbers <see cref="Activate"/> gives.</summary>
    public virtual int Activated => Outputs;

    /// <summary>Gets the name of <see cref="Metric"/> in logs.</summary>
    public abstract string MetricName { get; }

    /// <summary>Gets the <see cref="Metric"/> of predictions that have nothing to do with the truth.</summary>
    public virtual double Chance => 0.5;

    /// <summary>Gets whether batches are to hold as many slides of each <see cref="KindOf"/>.</summary>
    public virtual bool DealsEvenly => false;

    /// <summary>The losses that a target can be trained on, the usual one first.</summary>
    public static IReadOnlyList<string> LossesOf(TargetSpec target) =>
        target switch
        {
            TargetSpec.Classification => ["cross-entropy"],
            TargetSpec.Regression => ["mse", "huber"],
            _ => ["cox", "hazards"],
        };

    /// <summary>The head for a target.</summary>
    /// <param name="target">What is predicted.</param>
    /// <param name="classes">The classes of a classification.</param>
    /// <param name="loss">One of <see cref="LossesOf"/>.</param>
    /// <param name="balance">How classes are balanced in training; null: by batches.</param>
    public static SlideHead For(
        TargetSpec target,
        IReadOnlyList<string> classes,
        string loss,
        ClassBalance? balance = null
    ) =>
        (target, loss) switch
        {
            (TargetSpec.Label, _) => new LabelHead(classes, balance ?? ClassBalance.Batches),
            (TargetSpec.Classification, _) => new ClassHead(classes, balance ?? ClassBalance.Batches),
            (TargetSpec.Regression, _) => new ValueHead(robust: loss is "huber"),
            (_, "hazards") => new HazardHead(),
            _ => new RiskHead(),
        };

    /// <summary>What one unit of output and its zero mean, from the truths of the training slides.</summary>
    public virtual (double Centre, double Scale) Standard(IReadOnlyList<Truth> training) => (0, 1);

    /// <summary>The kind of a known truth, by which batches of several targets are dealt: class or event, from 0.</summary>
    public virtual int KindOf(Truth truth) => 0;

    /// <summary>One epoch's batches: indices into the training slides.</summary>
    public abstract IEnumerable<IReadOnlyList<int>> Batches(IReadOnlyList<Truth> training, int size, Random random);

    /// <summary>The loss to train on, a scalar.</summary>
    /// <param name="outputsBO">The network's outputs.</param>
    /// <param name="truths">The truth of each of the B slides.</param>
    /// <param name="standard">What <see cref="Standard"/> gave.</param>
    public abstract Tensor Loss(Tensor outputsBO, IReadOnlyList<Truth> truths, (double Centre, double Scale) standard);

    /// <summary>The outputs in the units that are averaged over looks and folds: probabilities, values, risks.</summary>
    public abstract double[] Activate(ReadOnlySpan<double> outputs, (double Centre, double Scale) standard);

    /// <summary>The loss of activated outputs, for choosing the best epoch.</summary>
    public abstract double LossOf(
        IReadOnlyList<double[]> activated,
        IReadOnlyList<Truth> truths,
        (double Centre, double Scale) standard
    );

    /// <summary>How well activated outputs order or class the slides, the higher the better; null when these truths cannot tell.</summary>
    public abstract double? Metric(IReadOnlyList<double[]> activated, IReadOnlyList<Truth> truths);

    /// <summary>Writes activated outputs into a prediction.</summary>
    public abstract SlidePrediction Predict(SlidePrediction slide, IReadOnlyList<double> activated);

    /// <summary>Where the score of a prediction stands among activated outputs.</summary>
    public virtual int ScoreIndex => 0;

    /// <summary>Cuts a sequence into parts of nearly equal length, none longer than wanted where that leaves two or more in each.</summary>
    public static IEnumerable<IReadOnlyList<int>> Cut(IReadOnlyList<int> order, int size)
    {
        // a batch of one has no statistics to normalise by
        var parts = Math.Clamp((order.Count + size - 1) / size, 1, Math.Max(1, order.Count / 2));
        for (var part = 0; part < parts; part++)
            yield return [.. order.Where((_, i) => i % parts == part)];
    }
}
