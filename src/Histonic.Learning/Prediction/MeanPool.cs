using Histonic.Slides.Grids;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Histonic.Learning.Prediction;

// Shapes: B slides, C channels, O outputs.

/// <summary>The baseline: a linear layer on the mean embedding of a slide's tissue. It sees what there is, not where.</summary>
public sealed class MeanPool : SlideNetwork
{
    private readonly Linear _output;

    /// <summary>Creates a network with random weights.</summary>
    /// <param name="channels">The length C of an embedding.</param>
    /// <param name="outputs">The number O of outputs.</param>
    /// <param name="chance">Where the weights are drawn from.</param>
    /// <param name="targets">The number of targets that the outputs are of.</param>
    public MeanPool(int channels, int outputs, Generator chance, int targets = 1)
        : base("mean", channels, targets)
    {
        Input = new MeanInput(channels);
        _output = nn.Linear(channels, outputs);
        Draw(_output.weight, _output.bias, chance);
        using (NewDisposeScope())
        using (no_grad())
            _output.weight.mul_(0.1); // from near zero: 128 numbers on 50 slides
        Register();
    }

    internal override SlideInput Input { get; }

    internal override IEnumerable<Parameter> Decayed => [_output.weight];

    /// <summary>Predicts.</summary>
    /// <param name="meansBC">Mean scaled embeddings.</param>
    /// <returns>B × O numbers, before any softmax.</returns>
    public override Tensor forward(Tensor meansBC) => _output.call(meansBC);

    internal override double[][] OutputsWithout(SlideGrid slide, SlideView view, IReadOnlyList<int[]> sets)
    {
        using var still = no_grad();
        var embeddings = slide.Embeddings(view.Symmetry);
        var embedding = new float[slide.Channels];
        double[] Sum(IEnumerable<int> cells)
        {
            var sum = new double[embedding.Length];
            foreach (var n in cells)
            {
                embeddings.Read(n * embedding.Length, embedding);
                for (var c = 0; c < sum.Length; c++)
                    sum[c] += embedding[c];
            }

            return sum;
        }

        var all = Sum(Enumerable.Range(0, slide.Cells.Count));
        List<double[]> outputs = [];
        foreach (var batch in sets.Chunk(1024))
        {
            using var scope = NewDisposeScope();
            var means = new float[batch.Length * all.Length];
            foreach (var (b, cells) in batch.Index())
            {
                var left = slide.Cells.Count - cells.Length;
                var sum = Sum(cells);
                for (var c = 0; c < sum.Length && left > 0; c++)
                    means[(b * sum.Length) + c] =
                        (float)(((all[c] - sum[c]) / left) - Features.Mean[c]) / Features.Deviation[c];
            }

            outputs.AddRange(Rows(call(tensor(means, [batch.Length, all.Length]))));
        }

        return [.. outputs];
    }
}
