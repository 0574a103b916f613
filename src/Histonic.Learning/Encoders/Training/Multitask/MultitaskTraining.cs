// Shapes: B patches of a batch, T the patches of one task in it, C colours, P the side of a patch, K classes.
using Histonic.Learning.Encoders.Training.Augmentation;
using Histonic.Learning.Encoders.Training.Data;
using Histonic.Slides;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Histonic.Learning.Encoders.Training.Multitask;

/// <summary>Trains a network on its tasks: Adam, the mean over tasks of the cross-entropy, the best weights by validation.</summary>
/// <remarks>
/// The best epoch is the one with the highest mean over tasks of the validation AUC: unlike accuracy, it does not hang on a
/// threshold, which balanced batches have moved, and one patch changes it little in a small set. Of equal ones the lower
/// validation loss wins.
/// </remarks>
/// <param name="network">The network, on its device; holds the best weights in the end.</param>
/// <param name="tasks">Its tasks, in the order of its heads.</param>
/// <param name="pixels">The patches' pixels.</param>
/// <param name="options">How it is trained.</param>
/// <param name="time">Measures the speed.</param>
/// <param name="monitor">Told of each epoch.</param>
internal sealed class MultitaskTraining(
    MultitaskNetwork network,
    IReadOnlyList<PatchTask> tasks,
    PatchPixels pixels,
    MultitaskOptions options,
    TimeProvider time,
    IWorkMonitor monitor
)
{
    private readonly List<EpochRecord> _epochs = [];
    private readonly MultitaskEvaluator _evaluator = new(network, tasks, pixels, new Device(options.Device));
    private readonly ColourAugmentation _colour = new(options.Colour);
    private readonly Device _device = new(options.Device);

    /// <summary>Gets what each epoch gave.</summary>
    public IReadOnlyList<EpochRecord> Epochs => _epochs;

    /// <summary>Gets the epoch whose weights were the best; null before the first.</summary>
    public EpochRecord? Best { get; private set; }

    /// <summary>Gets what went wrong, when the loss was no longer a number.</summary>
    public string? Divergence { get; private set; }

    /// <summary>Trains to the end.</summary>
    /// <param name="onEpoch">Called after each epoch, while the network still has its weights.</param>
    /// <param name="cancellationToken">Ends it early, with the best weights so far.</param>
    public TrainingEnd Run(Action<EpochRecord> onEpoch, CancellationToken cancellationToken)
    {
        var batch = BatchSize();
        var perEpoch = StepsPerEpoch(batch);
        var steps = Math.Min((long)options.Epochs * perEpoch, options.MaxSteps ?? long.MaxValue);
        var schedule = new PlateauSchedule(options.LearningRate, options.LeastLearningRate, options.Patience);
        var best = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        using var adam = optim.Adam(network.parameters(), options.LearningRate);
        using var feed = new BatchFeed(
            pixels,
            new BalancedSampler(tasks, batch, options.Seed),
            options.Encoder.PatchSize,
            options.Threads,
            options.Seed
        );
        var end = TrainingEnd.Completed;
        try
        {
            for (var done = 0L; done < steps && !schedule.Finished; )
            {
                var here = (int)Math.Min(perEpoch, steps - done);
                foreach (var group in adam.ParamGroups)
                    group.LearningRate = schedule.LearningRate;
                var (losses, rate, waited) = RunEpoch(adam, feed, done, here, steps, batch, cancellationToken);
                done += here;
                var record = new EpochRecord(
                    _epochs.Count + 1,
                    (int)done,
                    schedule.LearningRate,
                    losses,
                    [.. _evaluator.Evaluate(SplitPart.Validation, cancellationToken).Select(task => task.Score())],
                    rate,
                    waited,
                    Best: false
                );
                record = record with { Best = IsBest(record) };
                _epochs.Add(record);
                if (record.Best)
                {
                    Best = record;
                    Keep(best);
                }

                schedule.Tell(record.Best);
                monitor.Note(Describe(record));
                onEpoch(record);
            }

            if (schedule.Finished)
                end = TrainingEnd.EarlyStopped;
        }
        catch (OperationCanceledException)
        {
            end = TrainingEnd.Cancelled;
        }
        catch (ArithmeticException error)
        {
            Divergence = error.Message;
            end = TrainingEnd.Diverged;
        }

        Restore(best);
        return end;
    }

    /// <summary>The outputs on one part, with the weights as they are.</summary>
    public IReadOnlyList<TaskOutputs> Evaluate(SplitPart part, CancellationToken cancellationToken) =>
        _evaluator.Evaluate(part, cancellationToken);

    private int BatchSize()
    {
        var least = tasks.Count * tasks.Max(task => task.Classes.Count);
        return options.Batch >= least
            ? options.Batch
            : throw new OptionException(
                "--batch",
                options.Batch,
                $"at least {least}, so that every batch holds every class of these tasks"
            );
    }

    private int StepsPerEpoch(int batch)
    {
        var patches = tasks.Sum(task => task.Of(SplitPart.Train).Count());
        return options.StepsPerEpoch ?? Math.Max(50, (int)Math.Ceiling(patches / (double)batch));
    }

    private (double[] Losses, double Rate, double Waited) RunEpoch(
        Adam adam,
        BatchFeed feed,
        long before,
        int count,
        long steps,
        int batch,
        CancellationToken cancellationToken
    )
    {
        network.train();
        var start = time.GetTimestamp();
        var waited = TimeSpan.Zero;
        var sums = new double[tasks.Count];
        for (var step = before; step < before + count; step++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var waiting = time.GetTimestamp();
            var next = feed.Next(cancellationToken);
            waited += time.GetElapsedTime(waiting);
            var losses = Step(adam, next, step);
            for (var task = 0; task < sums.Length; task++)
                sums[task] += losses[task];
            monitor.Report(new WorkProgress("train", (step + 1) * batch, steps * batch, "patches"));
        }

        var elapsed = time.GetElapsedTime(start);
        return ([.. sums.Select(sum => sum / count)], count * (double)batch / elapsed.TotalSeconds, waited / elapsed);
    }

    private float[] Step(Adam adam, TrainingBatch batch, long step)
    {
        using var scope = NewDisposeScope();
        var size = options.Encoder.PatchSize;
        var rgbBPPC = tensor(batch.Rgb, [batch.Classes.Length, size, size, 3], device: _device);
        var patchesBCPP = _colour.Apply(rgbBPPC, options.Seed.For($"colours {step}"));
        var classesB = tensor(batch.Classes, device: _device);
        adam.zero_grad();
        var logits = network.Forward(patchesBCPP, batch.Counts);
        var losses = new Tensor[tasks.Count];
        var first = 0;
        for (var task = 0; task < tasks.Count; task++)
        {
            var classesT = classesB.narrow(0, first, batch.Counts[task]);
            losses[task] = nn.functional.cross_entropy(logits[task]!, classesT);
            first += batch.Counts[task];
        }

        var lossesT = stack(losses);
        var values = lossesT.detach().cpu().data<float>().ToArray();
        if (!Array.TrueForAll(values, float.IsFinite))
        {
            var names = tasks.Where((_, task) => !float.IsFinite(values[task])).Select(task => task.Name);
            throw new ArithmeticException(
                $"at step {step + 1} the loss of {string.Join(", ", names)} was no longer a number"
            );
        }

        lossesT.mean().backward();
        adam.step();
        return values;
    }

    private bool IsBest(EpochRecord record)
    {
        const double Equal = 1e-9;
        if (Best is null || record.Choice > Best.Choice + Equal)
            return true;
        return record.Choice > Best.Choice - Equal && Loss(record) < Loss(Best);

        // a task without a validation patch has no loss
        static double Loss(EpochRecord epoch) =>
            epoch.Validation.Where(score => score.Patches > 0).Sum(score => score.Loss);
    }

    private void Keep(Dictionary<string, Tensor> best)
    {
        using var scope = NewDisposeScope();
        using var still = no_grad();
        foreach (var (name, value) in network.state_dict())
        {
            if (best.TryGetValue(name, out var kept))
                kept.copy_(value);
            else
                best[name] = value.detach().clone().MoveToOuterDisposeScope();
        }
    }

    private void Restore(Dictionary<string, Tensor> best)
    {
        using var scope = NewDisposeScope();
        using var still = no_grad();
        foreach (var (name, value) in network.state_dict())
        {
            if (best.TryGetValue(name, out var kept))
                value.copy_(kept);
        }

        foreach (var kept in best.Values)
            kept.Dispose();
        network.eval();
    }

    private string Describe(EpochRecord record)
    {
        var each = tasks.Zip(
            record.Validation,
            (task, score) => score.Auc is { } auc ? $"{task.Name} {auc:0.000}" : $"{task.Name} –"
        );
        return $"epoch {record.Epoch}: loss {record.Loss:0.000}, validation AUC {record.Choice:0.000} ({string.Join(", ", each)}), "
            + $"learning rate {record.LearningRate:0.#e-0}, {record.PatchesPerSecond:0} patches/s, "
            + $"waited {record.Waited:0 %}{(record.Best ? ", best so far" : "")}";
    }
}
