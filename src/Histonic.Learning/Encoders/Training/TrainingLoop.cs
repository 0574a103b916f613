// Shapes: B views, S the side of a view.
using System.Globalization;
using Histonic.Learning.Encoders.Training.Augmentation;
using Histonic.Learning.Encoders.Training.Data;
using Histonic.Learning.Encoders.Training.Objectives;
using Histonic.Learning.Tensors;
using Histonic.Slides;
using static TorchSharp.torch;

namespace Histonic.Learning.Encoders.Training;

/// <summary>Trains an objective: batches, Adam, the learning rate, the best weights, checkpoints.</summary>
/// <remarks>
/// Everything random comes from the seed and the step's number, so a training that goes on from a checkpoint sees the same batches,
/// noise and changes as one that was never stopped.
/// </remarks>
internal sealed class TrainingLoop : IDisposable
{
    private readonly IObjective _objective;
    private readonly EncoderTrainingOptions _options;
    private readonly TimeProvider _time;
    private readonly IWorkMonitor _monitor;
    private readonly int _stepsPerEpoch;
    private readonly Device _device;
    private readonly AdamOptimizer[] _optimizers;
    private readonly List<EpochRecord> _epochs = [];
    private readonly Dictionary<string, Tensor> _best = new(StringComparer.Ordinal);

    /// <summary>Prepares a training from its first step.</summary>
    /// <param name="objective">What is trained, on its device; holds the best weights in the end.</param>
    /// <param name="patches">How many training patches there are.</param>
    /// <param name="options">How it is trained.</param>
    /// <param name="time">Measures the speed.</param>
    /// <param name="monitor">Told of each epoch.</param>
    public TrainingLoop(
        IObjective objective,
        int patches,
        EncoderTrainingOptions options,
        TimeProvider time,
        IWorkMonitor monitor
    )
    {
        (_objective, _options, _time, _monitor) = (objective, options, time, monitor);
        _stepsPerEpoch = options.StepsPerEpoch ?? Math.Max(50, (int)Math.Ceiling(patches / (double)options.Batch));
        _device = new Device(options.Device);
        _optimizers = [.. objective.Players.Select(parameters => new AdamOptimizer(parameters))];
    }

    /// <summary>Gets what each epoch gave.</summary>
    public IReadOnlyList<EpochRecord> Epochs => _epochs;

    /// <summary>Gets the epoch whose weights were the best; null before the first.</summary>
    public EpochRecord? Best => _epochs.LastOrDefault(epoch => epoch.Best);

    /// <summary>Gets what went wrong, when a loss was no longer a number.</summary>
    public string? Divergence { get; private set; }

    /// <summary>Goes on from a checkpoint instead of from the first step.</summary>
    public void Resume(TrainingCheckpoint checkpoint) =>
        _epochs.AddRange(checkpoint.Restore(_objective.Network, _optimizers, _best));

    /// <summary>Trains to the end.</summary>
    /// <param name="pixels">The patches' pixels.</param>
    /// <param name="augmenter">Cuts and changes views.</param>
    /// <param name="checkpoint">Where the state is kept after each epoch.</param>
    /// <param name="onEpoch">Called after each epoch.</param>
    /// <param name="cancellationToken">Ends it early, with the best weights so far.</param>
    public TrainingEnd Run(
        PatchPixels pixels,
        PatchAugmenter augmenter,
        TrainingCheckpoint checkpoint,
        Action<EpochRecord> onEpoch,
        CancellationToken cancellationToken
    )
    {
        var steps = Math.Min((long)_options.Epochs * _stepsPerEpoch, _options.MaxSteps ?? long.MaxValue);
        var done = _epochs.Count == 0 ? 0 : _epochs[^1].Steps;
        var schedule = new PlateauSchedule(_options.StartRate, _options.LeastLearningRate, _options.Patience);
        foreach (var epoch in _epochs)
            schedule.Tell(epoch.Best);
        var end = TrainingEnd.Completed;
        try
        {
            using var feed = new BatchFeed(pixels, _objective.Planner, augmenter, done, _options.Threads);
            while (done < steps && !schedule.Finished)
            {
                var last = Math.Min(done + _stepsPerEpoch, steps);
                var record = RunEpoch(feed, done, last, steps, schedule.LearningRate, cancellationToken);
                done = last;
                _epochs.Add(record);
                if (record.Best)
                    Keep();
                schedule.Tell(record.Best);
                checkpoint.Write(_objective.Network, _optimizers, _best, _epochs);
                _monitor.Note(Describe(record));
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

        Restore();
        return end;
    }

    /// <summary>Frees the optimisers and the best weights.</summary>
    public void Dispose()
    {
        foreach (var optimizer in _optimizers)
            optimizer.Dispose();
        foreach (var kept in _best.Values)
            kept.Dispose();
    }

    private EpochRecord RunEpoch(
        BatchFeed feed,
        long first,
        long last,
        long steps,
        double rate,
        CancellationToken cancellationToken
    )
    {
        _objective.Network.train();
        var batch = _objective.Planner.Views;
        var start = _time.GetTimestamp();
        var waited = TimeSpan.Zero;
        var sums = new double[_objective.LossNames.Count];
        for (var step = first; step < last; step++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var waiting = _time.GetTimestamp();
            var next = feed.Next(cancellationToken);
            waited += _time.GetElapsedTime(waiting);
            var losses = Step(next, step, rate);
            feed.Return(next);
            for (var i = 0; i < sums.Length; i++)
                sums[i] += losses[i];
            _monitor.Report(new WorkProgress("train", (step + 1) * batch, steps * batch, "patches"));
        }

        var elapsed = _time.GetElapsedTime(start);
        var validation = _objective.Validate(cancellationToken);
        var count = last - first;
        return new EpochRecord(
            _epochs.Count + 1,
            last,
            rate,
            [.. sums.Select(sum => sum / count)],
            validation.Choice,
            validation.Tie,
            validation.Scores,
            count * (double)batch / elapsed.TotalSeconds,
            waited / elapsed,
            IsBest(validation)
        );
    }

    private double[] Step(TrainingBatch batch, long step, double rate)
    {
        using var scope = NewDisposeScope();
        var side = _options.Encoder.InputSide;
        // shares the batch's memory, which is not filled anew before the step is over
        var viewsBCSS = frombuffer(batch.Pixels, ScalarType.Float32)
            .view(batch.Plan.Patches.Count, side, side, 3)
            .to(_device)
            .permute(0, 3, 1, 2);
        var losses = _objective.Step(
            viewsBCSS,
            batch.Plan,
            _options.Seed.For($"step {step}"),
            (player, loss) => Descend(player, loss, step, rate)
        );
        var wrong = _objective.LossNames.Where((_, i) => !double.IsFinite(losses[i])).ToList();
        return wrong.Count == 0 ? losses : throw NoNumber(string.Join(", ", wrong), step);
    }

    private void Descend(int player, Tensor loss, long step, double rate)
    {
        if (!float.IsFinite(loss.item<float>()))
            throw NoNumber("the loss", step);
        _optimizers[player].Step(loss, rate, _options.ClipNorm);
    }

    private static ArithmeticException NoNumber(string what, long step) =>
        new(string.Create(CultureInfo.InvariantCulture, $"at step {step + 1} {what} was no longer a number"));

    private bool IsBest(Validation validation)
    {
        const double Equal = 1e-9;
        if (Best is not { } best || double.IsNaN(validation.Choice) || validation.Choice > best.Choice + Equal)
            return true;
        return validation.Choice > best.Choice - Equal && validation.Tie < best.Tie;
    }

    private void Keep()
    {
        using var scope = NewDisposeScope();
        using var still = no_grad();
        foreach (var (name, value) in _objective.Network.state_dict())
        {
            if (_best.TryGetValue(name, out var kept))
                kept.copy_(value);
            else
                _best[name] = value.detach().clone().DetachFromDisposeScope();
        }
    }

    private void Restore()
    {
        using var scope = NewDisposeScope();
        using var still = no_grad();
        foreach (var (name, value) in _objective.Network.state_dict())
        {
            if (_best.TryGetValue(name, out var kept))
                value.copy_(kept);
        }

        _objective.Network.eval();
    }

    private string Describe(EpochRecord record)
    {
        // of several tasks the areas alone: the log has the rest
        List<(string Name, double Value)> scores = [.. _objective.ScoreNames.Zip(record.Scores)];
        if (scores.Exists(score => IsArea(score.Name)))
            scores.RemoveAll(score => !IsArea(score.Name));
        var shown = scores
            .Where(score => double.IsFinite(score.Value))
            .Select(score =>
                string.Create(CultureInfo.InvariantCulture, $"{score.Name.Replace('_', ' ')} {score.Value:0.000}")
            );
        return string.Create(
                CultureInfo.InvariantCulture,
                $"epoch {record.Epoch}: {_objective.LossNames[0].Replace('_', ' ')} {record.Losses[0]:0.0000}; {string.Join(", ", shown)}; "
            )
            + string.Create(
                CultureInfo.InvariantCulture,
                $"learning rate {record.LearningRate:0.#e-0}, {record.PatchesPerSecond:0} patches/s, waited {100 * record.Waited:0} %"
            )
            + (record.Best ? ", best so far" : "");

        static bool IsArea(string name) => name.EndsWith("_auc", StringComparison.Ordinal);
    }
}
