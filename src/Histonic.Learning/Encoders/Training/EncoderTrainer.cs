using Histonic.Learning.Encoders.Training.Augmentation;
using Histonic.Learning.Encoders.Training.Data;
using Histonic.Learning.Encoders.Training.Objectives;
using Histonic.Learning.Encoders.Training.Objectives.BiGan;
using Histonic.Learning.Encoders.Training.Objectives.Contrastive;
using Histonic.Learning.Encoders.Training.Objectives.Multitask;
using Histonic.Learning.Encoders.Training.Objectives.Vae;
using Histonic.Slides;
using Histonic.Slides.Reading;
using Histonic.Statistics;
using TorchSharp;
using static TorchSharp.torch;

namespace Histonic.Learning.Encoders.Training;

/// <summary>Trains a patch encoder, from labelled patches to a folder with the encoder.</summary>
/// <param name="options">What for, on what, and how.</param>
/// <param name="time">Measures the speed.</param>
/// <param name="monitor">Told how far it is.</param>
public sealed class EncoderTrainer(EncoderTrainingOptions options, TimeProvider time, IWorkMonitor monitor)
{
    private readonly EncoderTrainingOptions _options = options.Validated();

    /// <summary>Trains, and writes <see cref="TrainingFiles"/>.</summary>
    /// <param name="folder">Where the files come to be.</param>
    /// <param name="resume">Whether to go on from the folder's checkpoint, where there is one.</param>
    /// <param name="cancellationToken">Stops it; the best encoder so far is written, without figures of the test patches.</param>
    /// <exception cref="InputException">A task's data are at fault, a loss was no longer a number, or the folder cannot be written.</exception>
    /// <exception cref="OptionException">The device is not there, or the batch is too small for these tasks.</exception>
    /// <exception cref="OperationCanceledException">It was stopped; what was best so far is written.</exception>
    public EncoderTrainingResult Train(string folder, bool resume, CancellationToken cancellationToken)
    {
        using var scope = NewDisposeScope();
        CheckDevice();
        var files = new TrainingFiles(folder, _options);
        var checkpoint = files.Checkpoint;
        if (checkpoint.Exists && !resume)
        {
            throw new InputException(
                folder,
                "holds a training already",
                "Go on with it by --resume, or give another --out"
            );
        }

        files.WriteConfig();
        if (_options.Objective == TrainingObjective.MeanRgb)
            return files.WriteMeanRgb();
        var pixels = CreatePixels();
        using var tasks = ReadTasks(pixels, cancellationToken);
        files.WriteSplits(tasks.All);
        foreach (var task in tasks.All)
            monitor.Note(TrainingFiles.Describe(task));

        var augmenter = new PatchAugmenter(_options.Augmentation, _options.Encoder);
        var views = new HeldOutViews(pixels, augmenter, _options.Encoder, new Device(_options.Device));
        using var objective = Create(tasks.All, views);
        objective.Network.to(_options.Device is "cuda" ? CUDA : CPU);
        using var loop = new TrainingLoop(
            objective,
            tasks.All.Sum(task => task.Of(SplitPart.Train).Count()),
            _options,
            time,
            monitor
        );
        if (checkpoint.Exists)
        {
            loop.Resume(checkpoint);
            monitor.Note($"going on after epoch {loop.Epochs.Count}");
        }

        var end = loop.Run(
            pixels,
            augmenter,
            checkpoint,
            record => files.WriteEpoch(objective, tasks.All, loop.Epochs, record),
            cancellationToken
        );
        return Finish(files, loop, objective, tasks.All, end);
    }

    /// <summary>Draws training patches of every class, as they are and as augmentation changes them.</summary>
    /// <param name="path">The PNG that comes to be.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="InputException">A task's data are at fault, or the file cannot be written.</exception>
    /// <exception cref="OptionException">There is no task.</exception>
    public void Preview(string path, CancellationToken cancellationToken)
    {
        const int RowsPerTask = 4;
        if (_options.Tasks.Count == 0)
            throw new OptionException("--task", null, "given at least once for a preview");
        var pixels = CreatePixels();
        using var tasks = ReadTasks(pixels, cancellationToken);
        var rows =
            from task in tasks.All
            from label in Enumerable.Range(0, task.Classes.Count)
            let random = _options.Seed.For($"preview {task.Name} {label}")
            from sample in task.Of(SplitPart.Train)
                .Where(sample => sample.Class == label)
                .OrderBy(_ => random.Next())
                .Take(Math.Max(1, RowsPerTask / task.Classes.Count))
            select ($"{task.Name}\n{task.Classes[label]}", pixels.Of(sample));
        var sheet = new AugmentationSheet(_options.Augmentation, _options.Encoder, _options.Seed);
        PictureFile.WritePng(path, sheet.Draw([.. rows]));
    }

    private PatchPixels CreatePixels() =>
        new(
            new PatchScale(_options.Encoder.PatchSize, _options.Encoder.PixelSize),
            _options.PixelBudget,
            _options.Threads
        );

    private PatchTasks ReadTasks(PatchPixels pixels, CancellationToken cancellationToken) =>
        PatchTaskReader.Read(
            _options.Tasks,
            _options.GroupRegex is { } regex ? GroupRule.FromRegex(regex) : GroupRule.Default,
            _options.SplitsFile is { } path ? PatchSplit.Read(path, _options.Split) : PatchSplit.Of(_options.Split),
            _options.Seed,
            pixels,
            monitor,
            cancellationToken
        );

    private IObjective Create(IReadOnlyList<PatchTask> tasks, HeldOutViews views) =>
        _options.Objective switch
        {
            TrainingObjective.Mtl or TrainingObjective.Supervised => new MultitaskObjective(tasks, _options, views),
            TrainingObjective.Vae => new VaeObjective(tasks, _options, views),
            TrainingObjective.Contrastive => new ContrastiveObjective(tasks, _options, views),
            _ => new BiGanObjective(tasks, _options, views),
        };

    private EncoderTrainingResult Finish(
        TrainingFiles files,
        TrainingLoop loop,
        IObjective objective,
        IReadOnlyList<PatchTask> tasks,
        TrainingEnd end
    )
    {
        const string Remedy = "Lower --lr, cut the gradient with --clip, or look at the patches";
        if (loop.Best is null)
        {
            if (end == TrainingEnd.Diverged)
                throw new InputException(files.Folder, $"training went astray: {loop.Divergence}", Remedy);
            throw new OperationCanceledException("Stopped before the end of the first epoch: nothing is kept.");
        }

        var stopped = end is TrainingEnd.Cancelled or TrainingEnd.Diverged;
        var result = new EncoderTrainingResult(
            files.Folder,
            end,
            loop.Best.Epoch,
            Figures(objective, stopped),
            Median(loop.Epochs.Select(epoch => epoch.PatchesPerSecond)),
            Median(loop.Epochs.Select(epoch => epoch.Waited))
        );
        files.WriteResult(objective, result, tasks, loop.Epochs);
        return end switch
        {
            TrainingEnd.Cancelled => throw new OperationCanceledException(
                $"Stopped; the encoder of epoch {result.BestEpoch} is in {files.Folder}. The same command with --resume goes on."
            ),
            TrainingEnd.Diverged => throw new InputException(
                files.Folder,
                $"training went astray: {loop.Divergence}; the encoder of epoch {result.BestEpoch} is kept",
                Remedy
            ),
            _ => result,
        };
    }

    private List<HeldOutFigures> Figures(IObjective objective, bool stopped)
    {
        var none = new Dictionary<string, Estimate>(StringComparer.Ordinal);
        var validation = objective.Figures(SplitPart.Validation, monitor.Warn);
        var test = stopped ? null : objective.Figures(SplitPart.Test, monitor.Warn);
        return
        [
            .. validation.Select(
                (figures, i) =>
                    new HeldOutFigures(
                        figures.Name,
                        figures.Figures,
                        figures.Groups,
                        test?[i].Figures ?? none,
                        test?[i].Groups ?? 0
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
