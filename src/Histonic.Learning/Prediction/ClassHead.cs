using Histonic.Slides.Cohorts;
using Histonic.Statistics.Classification;
using static TorchSharp.torch;
using SlidePrediction = Histonic.Slides.Cohorts.Prediction;

namespace Histonic.Learning.Prediction;

/// <summary>Softmax over classes, cross-entropy, classes balanced as asked.</summary>
internal class ClassHead(IReadOnlyList<string> classes, ClassBalance balance) : SlideHead
{
    private double[] _weights = []; // of the classes; known while training

    public override int Outputs => classes.Count;

    public override string MetricName => "auc";

    public override int ScoreIndex => 1;

    public override bool DealsEvenly => balance.Deals;

    public override int KindOf(Truth truth) => IndexOf(truth);

    public override (double Centre, double Scale) Standard(IReadOnlyList<Truth> training)
    {
        _weights = balance.WeightsOf([
            .. classes.Select((_, c) => Math.Max(1, training.Count(truth => IndexOf(truth) == c))),
        ]);
        return base.Standard(training);
    }

    public override IEnumerable<IReadOnlyList<int>> Batches(IReadOnlyList<Truth> training, int size, Random random)
    {
        if (!balance.Deals)
        {
            var all = Enumerable.Range(0, training.Count).ToArray();
            random.Shuffle(all);
            return Cut(all, size);
        }

        // of every class a shuffled deck, dealt anew when it runs out: the rare class comes more often, none is left out
        var decks = classes
            .Select(name =>
                Enumerable.Range(0, training.Count).Where(i => IndexOf(training[i]) == IndexOf(name)).ToArray()
            )
            .Where(deck => deck.Length > 0)
            .ToArray();
        var positions = new int[decks.Length];
        foreach (var deck in decks)
            random.Shuffle(deck);
        List<int> order = [];
        for (var i = 0; i < training.Count || i % decks.Length != 0; i++)
        {
            var deck = i % decks.Length;
            if (positions[deck] == decks[deck].Length)
            {
                random.Shuffle(decks[deck]);
                positions[deck] = 0;
            }

            order.Add(decks[deck][positions[deck]++]);
        }

        var parts = Math.Max(1, (int)Math.Round(order.Count / (double)size));
        return order.Chunk((((order.Count + parts - 1) / parts) + decks.Length - 1) / decks.Length * decks.Length);
    }

    public override Tensor Loss(Tensor outputsBO, IReadOnlyList<Truth> truths, (double Centre, double Scale) standard)
    {
        using var scope = NewDisposeScope();
        var indexB = tensor([.. truths.Select(truth => (long)IndexOf(truth))]);
        // with weights torch divides by the sum of those of the batch, as LossOf does
        var weightsO = _weights.Distinct().Count() > 1 ? tensor(_weights, dtype: outputsBO.dtype) : null;
        return nn.functional.cross_entropy(outputsBO, indexB, weightsO).MoveToOuterDisposeScope();
    }

    public override double[] Activate(ReadOnlySpan<double> outputs, (double Centre, double Scale) standard)
    {
        var top = double.NegativeInfinity;
        foreach (var output in outputs)
            top = Math.Max(top, output);
        var shares = new double[outputs.Length];
        for (var i = 0; i < shares.Length; i++)
            shares[i] = Math.Exp(outputs[i] - top);
        var sum = shares.Sum();
        return Array.ConvertAll(shares, share => share / sum);
    }

    public override double LossOf(
        IReadOnlyList<double[]> activated,
        IReadOnlyList<Truth> truths,
        (double Centre, double Scale) standard
    ) =>
        truths.Select((truth, i) => -WeightOf(truth) * Math.Log(Math.Max(activated[i][IndexOf(truth)], 1e-12))).Sum()
        / truths.Sum(WeightOf);

    public override double? Metric(IReadOnlyList<double[]> activated, IReadOnlyList<Truth> truths)
    {
        // two classes: the second against the first; more: the mean over classes, each against the others
        var areas = Enumerable
            .Range(classes.Count == 2 ? 1 : 0, classes.Count == 2 ? 1 : classes.Count)
            .Select(c => Area([.. activated.Select(one => one[c])], [.. truths.Select(truth => IndexOf(truth) == c)]))
            .OfType<double>()
            .ToArray();
        return areas.Length > 0 ? areas.Average() : null;
    }

    public override SlidePrediction Predict(SlidePrediction slide, IReadOnlyList<double> activated) =>
        slide with
        {
            Probabilities = activated,
            Score = activated[1],
            PredictedClass = classes[activated.Index().MaxBy(one => one.Item).Index],
        };

    private static double? Area(double[] scores, bool[] positives) =>
        positives.Contains(true) && positives.Contains(false) ? RocCurve.Area(scores, positives) : null;

    private double WeightOf(Truth truth) => _weights[IndexOf(truth)];

    private int IndexOf(Truth truth) => IndexOf(truth.Label!);

    private int IndexOf(string label)
    {
        for (var i = 0; i < classes.Count; i++)
        {
            if (string.Equals(classes[i], label, StringComparison.Ordinal))
                return i;
        }

        return -1;
    }
}
