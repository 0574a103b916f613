using Histonic.Slides.Cohorts;
using Histonic.Statistics.Survival;
using static TorchSharp.torch;
using SlidePrediction = Histonic.Slides.Cohorts.Prediction;

namespace Histonic.Learning.Prediction;

/// <summary>
/// A log hazard by Cox's partial likelihood. Its zero is arbitrary and its spread differs from fold to fold, so risks are
/// told in deviations from the mean of the training slides; only then can folds be averaged and pooled.
/// </summary>
internal class RiskHead : SlideHead
{
    public override int Outputs => 1;

    public override string MetricName => "c_index";

    public override int KindOf(Truth truth) => truth.Event == true ? 1 : 0;

    public override IEnumerable<IReadOnlyList<int>> Batches(IReadOnlyList<Truth> training, int size, Random random)
    {
        // events first, then the censored, dealt in turn: every batch has its share of events
        var order = Enumerable.Range(0, training.Count).ToArray();
        random.Shuffle(order);
        return Cut([.. order.OrderByDescending(i => training[i].Event == true)], size);
    }

    public override Tensor Loss(Tensor outputsBO, IReadOnlyList<Truth> truths, (double Centre, double Scale) standard)
    {
        using var scope = NewDisposeScope();
        return CoxLoss.Of(outputsBO.squeeze(1), truths).MoveToOuterDisposeScope();
    }

    public override double[] Activate(ReadOnlySpan<double> outputs, (double Centre, double Scale) standard) =>
        [(outputs[0] - standard.Centre) / standard.Scale];

    public override double LossOf(
        IReadOnlyList<double[]> activated,
        IReadOnlyList<Truth> truths,
        (double Centre, double Scale) standard
    )
    {
        using var scope = NewDisposeScope();
        return CoxLoss.Of(tensor([.. activated.Select(one => one[0])]), truths).item<double>();
    }

    public override double? Metric(IReadOnlyList<double[]> activated, IReadOnlyList<Truth> truths)
    {
        var comparable = truths.Any(one => one.Event == true && truths.Any(other => other.Time > one.Time));
        return comparable
            ? Concordance.Harrell(
                [.. truths.Select(truth => truth.Time!.Value)],
                [.. truths.Select(truth => truth.Event == true)],
                [.. activated.Select(one => one[0])]
            )
            : null;
    }

    public override SlidePrediction Predict(SlidePrediction slide, IReadOnlyList<double> activated) =>
        slide with
        {
            Score = activated[0],
        };
}
