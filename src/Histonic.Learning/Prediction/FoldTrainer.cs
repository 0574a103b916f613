using Histonic.Learning.Tensors;
using Histonic.Slides;
using static TorchSharp.torch;

namespace Histonic.Learning.Prediction;

/// <summary>Trains one network on one round's training slides, and keeps the epoch that did best on its validation slides.</summary>
internal static class FoldTrainer
{
    private const double Decay = 2e-5; // Keras's l2(1e-5) adds 1e-5 · w² to the loss, whose slope is 2e-5 · w

    /// <summary>Trains.</summary>
    /// <param name="network">Receives the best weights and the scales of input and output.</param>
    /// <param name="heads">The targets.</param>
    /// <param name="training">The slides to fit.</param>
    /// <param name="validation">The slides that choose the epoch.</param>
    /// <param name="options">Epochs, batch size and learning rate.</param>
    /// <param name="seed">Where chance comes from.</param>
    /// <param name="checkpoint">Where the state is kept; one that is there is gone on from.</param>
    /// <param name="tell">Told of every epoch, those before a stop among them.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The best epoch.</returns>
    public static TrainedEpoch Train(
        SlideNetwork network,
        TargetHeads heads,
        IReadOnlyList<LabelledSlide> training,
        IReadOnlyList<LabelledSlide> validation,
        PredictorOptions options,
        Seed seed,
        FoldCheckpoint checkpoint,
        Action<TrainedEpoch> tell,
        CancellationToken cancellationToken
    )
    {
        var grids = validation.Select(slide => slide.Grid).ToArray();
        var standard = heads.Standard(training);
        var random = seed.For("batches");
        var plateau = new Plateau(options.LearningRate);
        network.Features = FeatureScaling.Of([.. training.Select(slide => slide.Grid)]);
        using var chance = new Generator((ulong)(uint)seed.Number("dropout"));
        network.Chance = chance;
        using var adam = new AdamOptimizer([.. network.parameters()], network.Decayed, Decay);
        using var best = new BestWeights();
        List<TrainedEpoch> epochs = [];
        TrainedEpoch? chosen = null;
        if (checkpoint.Exists)
        {
            (var before, chosen) = checkpoint.Restore(network, adam, best, chance);
            epochs.AddRange(before);
            foreach (var epoch in before)
            {
                // nothing is computed, only drawn: the epochs to come see what they would have seen
                foreach (var i in heads.Batches(training, options.BatchSize, random).SelectMany(batch => batch))
                    _ = network.Input.Draw(training[i].Grid, random);
                plateau.Tell(epoch.ValidationLoss);
                tell(epoch);
            }
        }

        for (var epoch = epochs.Count + 1; epoch <= options.Epochs; epoch++)
        {
            double lossSum = 0;
            var seen = 0;
            network.train();
            foreach (var batch in heads.Batches(training, options.BatchSize, random))
            {
                cancellationToken.ThrowIfCancellationRequested();
                using var scope = NewDisposeScope();
                var looks = batch
                    .Select(i => (training[i].Grid, network.Input.Draw(training[i].Grid, random)))
                    .ToArray();
                var loss = heads.Loss(network.Outputs(looks), [.. batch.Select(i => training[i])], standard);
                lossSum += loss.Number() * batch.Count;
                adam.Step(loss, plateau.Rate, clipNorm: null, network.FinishGradients);
                seen += batch.Count;
            }

            var outputs = NetworkOutputs.Of(
                network,
                heads,
                standard,
                grids,
                grid => [network.Input.Best(grid)],
                cancellationToken
            );
            var metrics = heads.MetricsOf(outputs, validation);
            var done = new TrainedEpoch(
                epoch,
                lossSum / seen,
                heads.LossOf(outputs, validation, standard),
                heads.Metric(metrics),
                plateau.Rate
            )
            {
                TargetMetrics = heads.Count > 1 ? metrics : [],
            }.After(epochs);
            epochs.Add(done);
            tell(done);
            // before the window is full a lucky first epoch would count alone
            if (epoch >= Math.Min(TrainedEpoch.Window, options.Epochs) && (chosen is null || done.IsBetterThan(chosen)))
            {
                best.Keep(network);
                chosen = done;
            }

            if (options.Patience > 0 && chosen is not null && epoch - chosen.Epoch >= options.Patience)
                break;
            plateau.Tell(done.ValidationLoss);
            if (checkpoint.IsDue && epoch < options.Epochs)
                checkpoint.Write(network, adam, best, chance, epochs, chosen);
        }

        best.Restore(network);
        network.Chance = null;
        network.Scales = heads.Heads.Any(head => head is RiskHead)
            ? WithRiskScales(network, heads, standard, training, cancellationToken)
            : standard;
        return chosen!;
    }

    // risks are told in deviations from the mean of the training slides
    private static (double Centre, double Scale)[] WithRiskScales(
        SlideNetwork network,
        TargetHeads heads,
        (double Centre, double Scale)[] standard,
        IReadOnlyList<LabelledSlide> training,
        CancellationToken cancellationToken
    )
    {
        var outputs = NetworkOutputs.Of(
            network,
            heads,
            standard,
            [.. training.Select(slide => slide.Grid)],
            grid => [network.Input.Best(grid)],
            cancellationToken
        );
        return [.. heads.Heads.Select((head, t) => head is RiskHead ? ScaleOf(heads.ScoreIndex(t)) : standard[t])];

        (double Centre, double Scale) ScaleOf(int index)
        {
            var risks = outputs.Select(one => one[index]).ToArray();
            var centre = risks.Average();
            var deviation = Math.Sqrt(risks.Average(risk => (risk - centre) * (risk - centre)));
            return (centre, deviation > 1e-12 ? deviation : 1);
        }
    }
}
