// Shapes: B patches of a batch, N patches, D length of an embedding, K classes.
using Histonic.Learning.Encoders.Scoring;
using Histonic.Learning.Encoders.Training;
using Histonic.Learning.Encoders.Training.Data;
using Histonic.Learning.Encoders.Training.Objectives;
using Histonic.Learning.Tensors;
using Histonic.Slides;
using static TorchSharp.torch;

namespace Histonic.Learning.Encoders.Evaluation;

/// <summary>P2's evaluation of a frozen encoder (papers.md 2.4): a small network learns the classes from the embeddings.</summary>
/// <remarks>
/// <code>
/// embedding, scaled                         D
/// dense, batch norm, LeakyReLU 0.2          256
/// dense, linear, softmax                    K
/// </code>
/// Adam, batches of 64, learning rate 1e-2, a tenth on each plateau of the validation accuracy, down to 1e-5; the weights of the best
/// validation accuracy. P2's sets were balanced; where ours are not, batches hold all classes in equal shares, and the accuracy is
/// the balanced one (the same thing in a balanced set); of equal ones the lower cross-entropy wins.
/// </remarks>
internal static class MlpProbe
{
    private const int Batch = 64;
    private const double FirstRate = 1e-2;
    private const double LeastRate = 1e-5;
    private const int Patience = 5;
    private const int MostEpochs = 100;

    // in a set of a few batches an epoch would be over before anything was learned, and plateaus would follow at once
    private const int LeastSteps = 20;

    /// <summary>Trains on the training patches, and says what it takes the others for.</summary>
    /// <param name="data">The embeddings.</param>
    /// <param name="seed">Where first weights and batches come from.</param>
    /// <param name="onEpoch">Told of each epoch and of how many there are at most.</param>
    /// <param name="cancellationToken">Stops it between epochs.</param>
    public static ProbeRun Run(ProbeData data, Seed seed, Action<int, int> onEpoch, CancellationToken cancellationToken)
    {
        using var scope = NewDisposeScope();
        var trainND = Matrix(data.Train);
        var validationND = Matrix(data.Validation);
        var labelsN = tensor(data.Train.Labels.Select(label => (long)label).ToArray());
        using var network = DenseHead.Create(data.Train.Channels, data.Classes, seed, "probe");
        using var optimizer = new AdamOptimizer([.. network.parameters()]);
        var schedule = new PlateauSchedule(FirstRate, LeastRate, Patience);
        var batches = new Batches(data, seed);
        var steps = Math.Max(LeastSteps, (data.Train.Count + Batch - 1) / Batch);
        (double Accuracy, double Loss, int Epoch) best = (-1, double.PositiveInfinity, 0);
        Dictionary<string, Tensor> kept = new(StringComparer.Ordinal);
        for (var epoch = 1; epoch <= MostEpochs && !schedule.Finished; epoch++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            network.train();
            for (var step = 0; step < steps; step++)
            {
                using var inner = NewDisposeScope();
                var rowsB = tensor(batches.Next());
                var logitsBK = network.call(trainND.index_select(0, rowsB));
                optimizer.Step(
                    nn.functional.cross_entropy(logitsBK, labelsN.index_select(0, rowsB)),
                    schedule.LearningRate,
                    clipNorm: null
                );
            }

            var (accuracy, loss) = Judge(Probabilities(network, validationND), data.Validation, data.Classes);
            var better = accuracy > best.Accuracy || (accuracy == best.Accuracy && loss < best.Loss);
            if (better)
            {
                best = (accuracy, loss, epoch);
                Keep(network, kept);
            }

            schedule.Tell(better);
            onEpoch(epoch, MostEpochs);
        }

        Restore(network, kept);
        return new ProbeRun(
            Probabilities(network, validationND),
            Probabilities(network, Matrix(data.Test)),
            best.Epoch
        );
    }

    private static Tensor Matrix(LabelledEmbeddings embeddings) =>
        tensor(embeddings.Values, [embeddings.Count, embeddings.Channels]);

    private static double[] Probabilities(DenseHead network, Tensor embeddingsND)
    {
        using var scope = NewDisposeScope();
        using var still = no_grad();
        network.eval();
        return
        [
            .. nn.functional.softmax(network.call(embeddingsND).to(ScalarType.Float64), 1).contiguous().data<double>(),
        ];
    }

    /// <summary>The balanced accuracy, and the mean over the classes of their mean cross-entropies.</summary>
    private static (double Accuracy, double Loss) Judge(double[] probabilities, LabelledEmbeddings patches, int classes)
    {
        var losses = new double[classes];
        var counts = new int[classes];
        for (var row = 0; row < patches.Count; row++)
        {
            var label = patches.Labels[row];
            losses[label] -= Math.Log(Math.Max(probabilities[(row * classes) + label], 1e-300));
            counts[label]++;
        }

        var loss = Enumerable.Range(0, classes).Where(k => counts[k] > 0).Average(k => losses[k] / counts[k]);
        var outputs = TaskOutputs.Of(patches.Labels.Zip(patches.Groups), classes, probabilities, loss);
        return (outputs.Score().BalancedAccuracy, loss);
    }

    private static void Keep(DenseHead network, Dictionary<string, Tensor> kept)
    {
        foreach (var (name, value) in network.state_dict())
        {
            if (kept.Remove(name, out var old))
                old.Dispose();
            kept[name] = value.detach().clone();
        }
    }

    private static void Restore(DenseHead network, Dictionary<string, Tensor> kept)
    {
        using var still = no_grad();
        foreach (var (name, value) in network.state_dict())
        {
            if (kept.TryGetValue(name, out var old))
                value.copy_(old);
        }
    }

    /// <summary>The rows of one batch after another, all classes in equal shares.</summary>
    private sealed class Batches
    {
        private readonly Proportions _classes;
        private readonly ShuffledOrder<long>[] _orders;
        private long _drawn;

        public Batches(ProbeData data, Seed seed)
        {
            _classes = new Proportions(Enumerable.Repeat(1.0, data.Classes));
            _orders =
            [
                .. Enumerable
                    .Range(0, data.Classes)
                    .Select(label => new ShuffledOrder<long>(
                        [
                            .. Enumerable
                                .Range(0, data.Train.Count)
                                .Where(row => data.Train.Labels[row] == label)
                                .Select(row => (long)row),
                        ],
                        seed,
                        $"probe order {label}"
                    )),
            ];
        }

        public long[] Next()
        {
            var rows = new long[Batch];
            for (var i = 0; i < rows.Length; i++, _drawn++)
            {
                var label = _classes.At(_drawn);
                rows[i] = _orders[label].At(_classes.Had(_drawn)[label]);
            }

            return rows;
        }
    }
}
