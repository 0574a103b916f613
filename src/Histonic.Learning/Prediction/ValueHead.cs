using Histonic.Slides.Cohorts;
using Histonic.Statistics.Regression;
using static TorchSharp.torch;
using SlidePrediction = Histonic.Slides.Cohorts.Prediction;

namespace Histonic.Learning.Prediction;

/// <summary>A number: squared error on the target, made zero in the mean and one in deviation over the training slides.</summary>
/// <param name="robust">Whether errors above one deviation count by their size, not its square (Huber's loss).</param>
internal sealed class ValueHead(bool robust) : SlideHead
{
    public override int Outputs => 1;

    public override string MetricName => "spearman";

    public override double Chance => 0;

    public override (double Centre, double Scale) Standard(IReadOnlyList<Truth> training)
    {
        var centre = training.Average(truth => truth.Value!.Value);
        var variance = training.Average(truth => Math.Pow(truth.Value!.Value - centre, 2));
        return (centre, variance > 0 ? Math.Sqrt(variance) : 1);
    }

    public override IEnumerable<IReadOnlyList<int>> Batches(IReadOnlyList<Truth> training, int size, Random random)
    {
        var order = Enumerable.Range(0, training.Count).ToArray();
        random.Shuffle(order);
        return Cut(order, size);
    }

    public override Tensor Loss(Tensor outputsBO, IReadOnlyList<Truth> truths, (double Centre, double Scale) standard)
    {
        using var scope = NewDisposeScope();
        var valuesB = tensor([.. truths.Select(truth => (float)Standardised(truth, standard))]);
        var valueB = outputsBO.squeeze(1);
        return (
            robust ? nn.functional.huber_loss(valueB, valuesB) : nn.functional.mse_loss(valueB, valuesB)
        ).MoveToOuterDisposeScope();
    }

    public override double[] Activate(ReadOnlySpan<double> outputs, (double Centre, double Scale) standard) =>
        [(outputs[0] * standard.Scale) + standard.Centre];

    public override double LossOf(
        IReadOnlyList<double[]> activated,
        IReadOnlyList<Truth> truths,
        (double Centre, double Scale) standard
    ) => truths.Select((truth, i) => LossOf((activated[i][0] - truth.Value!.Value) / standard.Scale)).Average();

    public override double? Metric(IReadOnlyList<double[]> activated, IReadOnlyList<Truth> truths)
    {
        double[] predicted = [.. activated.Select(one => one[0])],
            values = [.. truths.Select(truth => truth.Value!.Value)];
        return predicted.Distinct().Count() > 1 && values.Distinct().Count() > 1
            ? Correlation.Spearman(predicted, values)
            : null;
    }

    public override SlidePrediction Predict(SlidePrediction slide, IReadOnlyList<double> activated) =>
        slide with
        {
            Score = activated[0],
        };

    private double LossOf(double error) =>
        !robust ? error * error
        : Math.Abs(error) <= 1 ? error * error / 2
        : Math.Abs(error) - 0.5;

    private static double Standardised(Truth truth, (double Centre, double Scale) standard) =>
        (truth.Value!.Value - standard.Centre) / standard.Scale;
}
