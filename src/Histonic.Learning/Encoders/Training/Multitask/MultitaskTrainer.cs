using Histonic.Learning.Encoders.Training.Data;
using Histonic.Slides;
using TorchSharp;
using static TorchSharp.torch;

namespace Histonic.Learning.Encoders.Training.Multitask;

/// <summary>Supervised multitask training of the patch encoder (P1), from folders of patches to a folder with the encoder.</summary>
/// <param name="options">What and how.</param>
/// <param name="time">Measures the speed.</param>
/// <param name="monitor">Told how far it is.</param>
public sealed class MultitaskTrainer(MultitaskOptions options, TimeProvider time, IWorkMonitor monitor)
{
    private readonly MultitaskOptions _options = options.Validated();

    /// <summary>Trains, and writes <see cref="MultitaskFiles"/>.</summary>
    /// <param name="folder">Where the files come to be.</param>
    /// <param name="cancellationToken">Stops it; the best encoder so far is written, without figures of the test patches.</param>
    /// <exception cref="InputException">A task's folder is at fault, the loss was no longer a number, or the folder cannot be written.</exception>
    /// <exception cref="OptionException">The device is not there, or the batch is too small for these tasks.</exception>
    /// <exception cref="OperationCanceledException">It was stopped; what was best so far is written.</exception>
    public MultitaskResult Train(string folder, CancellationToken cancellationToken)
    {
        using var scope = NewDisposeScope();
        CheckDevice();
        var pixels = new PatchPixels(
            _options.Encoder.PatchSize,
            _options.Encoder.PixelSize,
            _options.PixelBudget,
            _options.Threads
        );
        var files = new MultitaskFiles(folder, _options);
        files.WriteConfig();
        var tasks = PatchTaskReader.Read(
            _options.Tasks,
            _options.GroupRegex is { } regex ? GroupRule.FromRegex(regex) : GroupRule.Default,
            _options.Split,
            _options.Seed,
            pixels,
            monitor,
            cancellationToken
        );
        files.WriteSplits(tasks);
        foreach (var task in tasks)
            monitor.Note(MultitaskFiles.Describe(task));

        using var network = new MultitaskNetwork(
            _options.Encoder,
            [.. tasks.Select(task => task.Classes.Count)],
            _options.Seed
        );
        network.to(_options.Device is "cuda" ? CUDA : CPU);
        var training = new MultitaskTraining(network, tasks, pixels, _options, time, monitor);
        var end = training.Run(
            record =>
            {
                files.WriteLog(tasks, training.Epochs);
                if (record.Best)
                    files.WriteWeights(network, tasks);
            },
            cancellationToken
        );
        return Finish(files, training, network, tasks, end);
    }

    private MultitaskResult Finish(
        MultitaskFiles files,
        MultitaskTraining training,
        MultitaskNetwork network,
        IReadOnlyList<PatchTask> tasks,
        TrainingEnd end
    )
    {
        var remedy = $"Lower --lr (it was {_options.LearningRate}), or look at the patches of that task";
        if (training.Best is null)
        {
            if (end == TrainingEnd.Diverged)
                throw new InputException(files.Folder, $"training went astray: {training.Divergence}", remedy);
            throw new OperationCanceledException("Stopped before the end of the first epoch: nothing is kept.");
        }

        var stopped = end is TrainingEnd.Cancelled or TrainingEnd.Diverged;
        var figures = Figures(training, tasks, stopped);
        var result = new MultitaskResult(
            files.Folder,
            end,
            training.Best.Epoch,
            figures,
            Median(training.Epochs.Select(epoch => epoch.PatchesPerSecond)),
            Median(training.Epochs.Select(epoch => epoch.Waited))
        );
        files.WriteEncoder(network.Encoder, tasks);
        files.WriteMetrics(result);
        files.WriteCard(result, tasks, training.Epochs);
        return end switch
        {
            TrainingEnd.Cancelled => throw new OperationCanceledException(
                $"Stopped; the encoder of epoch {result.BestEpoch} is in {files.Folder}."
            ),
            TrainingEnd.Diverged => throw new InputException(
                files.Folder,
                $"training went astray: {training.Divergence}; the encoder of epoch {result.BestEpoch} is kept",
                remedy
            ),
            _ => result,
        };
    }

    private List<TaskFigures> Figures(MultitaskTraining training, IReadOnlyList<PatchTask> tasks, bool stopped)
    {
        var validation = Estimates(SplitPart.Validation);
        var test =
            stopped || _options.Split.Test == 0
                ? [.. tasks.Select(_ => new Dictionary<string, Statistics.Estimate>(StringComparer.Ordinal))]
                : Estimates(SplitPart.Test);
        return [.. tasks.Select((task, i) => new TaskFigures(task.Name, validation[i], test[i]))];

        IReadOnlyList<IReadOnlyDictionary<string, Statistics.Estimate>> Estimates(SplitPart part) =>
            [
                .. training
                    .Evaluate(part, CancellationToken.None)
                    .Zip(
                        tasks,
                        (outputs, task) =>
                            outputs.Estimates(
                                new Seed(_options.Seed.Number($"bootstrap {task.Name} {part}")),
                                message => monitor.Warn($"{task.Name}, {part} patches: {message}")
                            )
                    ),
            ];
    }

    private void CheckDevice()
    {
        if (_options.Device is "cuda" && !cuda.is_available())
        {
            throw new OptionException(
                "--device",
                "cuda",
                "cpu here: there is no NVIDIA GPU, or this build has no CUDA libraries"
            );
        }
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted[sorted.Count / 2];
    }
}
