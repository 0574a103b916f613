using System.CommandLine;
using System.Globalization;
using Histonic.Learning.Encoders;
using Histonic.Learning.Encoders.Training.Augmentation;
using Histonic.Learning.Encoders.Training.Data;
using Histonic.Learning.Encoders.Training.Multitask;
using Histonic.Slides;
using Histonic.Statistics;
using TorchSharp;

namespace Histonic.Cli.Commands;

/// <summary>encoder train: folders of labelled patches become an encoder.</summary>
internal static class EncoderTrainCommand
{
    private static readonly Option<string> _objective = new("--objective")
    {
        Description = "What it is trained for: mtl (several labelled tasks at once).",
        DefaultValueFactory = _ => "mtl",
    };

    private static readonly Option<string[]> _tasks = new("--task")
    {
        Description =
            "A task as NAME=DIR, with one folder of patches a class in DIR; NAME=DIR@MPP tells the patches' µm per pixel, "
            + "by which they are rescaled to --mpp, then cropped or padded by reflection. Without it they are stretched to --patch. "
            + "Give it once a task.",
        HelpName = "NAME=DIR[@MPP]",
        Required = true,
    };

    private static readonly Option<DirectoryInfo> _out = new("--out")
    {
        Description =
            "The folder for encoder.onnx, encoder.safetensors, log.csv, splits.csv, metrics.json, model-card.md, config.json.",
        Required = true,
    };

    private static readonly Option<string?> _name = new("--name")
    {
        Description = "The encoder's name. Default: the name of --out.",
    };

    private static readonly Option<int> _epochs = new("--epochs")
    {
        Description = "The most epochs; training ends before when nothing gets better.",
        DefaultValueFactory = _ => 50,
    };

    private static readonly Option<int?> _maxSteps = new("--max-steps") { Description = "The most steps in all." };

    private static readonly Option<int?> _stepsPerEpoch = new("--steps-per-epoch")
    {
        Description = "Steps between two looks at the validation patches. Default: each patch about once, at least 50.",
    };

    private static readonly Option<int> _batch = new("--batch")
    {
        Description = "Patches of a batch, over all tasks.",
        DefaultValueFactory = _ => 64,
    };

    private static readonly Option<double> _lr = new("--lr")
    {
        Description = "Adam's first learning rate; it falls to a tenth on each plateau of the validation.",
        DefaultValueFactory = _ => 1e-3,
    };

    private static readonly Option<int> _patience = new("--patience")
    {
        Description = "Epochs without a better one that make a plateau.",
        DefaultValueFactory = _ => 5,
    };

    private static readonly Option<string> _augmentation = new("--augmentation")
    {
        Description = "How far stain, brightness and contrast are moved: none, light or strong.",
        DefaultValueFactory = _ => "light",
    };

    private static readonly Option<string> _split = new("--split")
    {
        Description = "Shares of training, validation and test, by patient or slide.",
        DefaultValueFactory = _ => "70/15/15",
    };

    private static readonly Option<string?> _groupRegex = new("--group-regex")
    {
        Description =
            "Finds the patient or slide in a file's name without extension: the first group of this regular expression, "
            + "or the whole match. Default: a rule that knows TCGA codes and names such as SLIDE_X_Y.",
    };

    private static readonly Option<double> _mpp = new("--mpp")
    {
        Description = "The encoder's pixel size in µm.",
        DefaultValueFactory = _ => 0.5,
    };

    private static readonly Option<int> _patch = new("--patch")
    {
        Description = "The side of the encoder's patch in pixels.",
        DefaultValueFactory = _ => 128,
    };

    private static readonly Option<int> _width = new("--width")
    {
        Description = "Filters of each convolution.",
        DefaultValueFactory = _ => 128,
    };

    private static readonly Option<int> _embedding = new("--embedding")
    {
        Description = "Numbers of an embedding.",
        DefaultValueFactory = _ => 128,
    };

    private static readonly Option<string> _licence = new("--licence")
    {
        Description = "The licence of the weights, for the encoder's file and card.",
        DefaultValueFactory = _ => "unknown",
    };

    private static readonly Option<string?> _dataNote = new("--data-note")
    {
        Description = "What the patches are and where they come from, for the encoder's file and card.",
    };

    public static Command Create(Terminal terminal)
    {
        _objective.AcceptOnlyFromAmong("mtl");
        _augmentation.AcceptOnlyFromAmong([.. ColourAugmentationOptions.Named.Keys]);
        Option[] options =
        [
            _objective,
            _tasks,
            _out,
            _name,
            _epochs,
            _maxSteps,
            _stepsPerEpoch,
            _batch,
            _lr,
            _patience,
            _augmentation,
            _split,
            _groupRegex,
            _mpp,
            _patch,
            _width,
            _embedding,
            _licence,
            _dataNote,
        ];
        var command = new Command(
            "train",
            "Trains a patch encoder on labelled patches.".WithExamples(
                "encoder train --objective mtl --task mitosis=patches/mitosis@0.25 --task tissue=patches/tissue@0.5 --out runs/mtl",
                "encoder train --task a=patches/a --task b=patches/b --max-steps 2000 --augmentation strong --out runs/ab"
            )
        );
        foreach (var option in options)
            command.Options.Add(option);
        return command.Runs(terminal, Run);
    }

    private static int Run(CommandContext context, CancellationToken cancellationToken)
    {
        NativeMemory.KeepLargeBlocks();
        torch.set_num_threads(context.Threads);
        var folder = context.Get(_out).FullName;
        var options = new MultitaskOptions
        {
            Tasks = [.. context.Get(_tasks).Select(TaskSource.Parse)],
            Name = context.Get(_name) ?? Path.GetFileName(Path.TrimEndingDirectorySeparator(folder)),
            Encoder = new PatchEncoderOptions
            {
                PatchSize = context.Get(_patch),
                PixelSize = new Microns(context.Get(_mpp)),
                Width = context.Get(_width),
                Channels = context.Get(_embedding),
            },
            GroupRegex = context.Get(_groupRegex),
            Split = SplitShares.Parse(context.Get(_split)),
            Epochs = context.Get(_epochs),
            MaxSteps = context.Get(_maxSteps),
            StepsPerEpoch = context.Get(_stepsPerEpoch),
            Batch = context.Get(_batch),
            LearningRate = context.Get(_lr),
            Patience = context.Get(_patience),
            Colour = ColourAugmentationOptions.Named[context.Get(_augmentation)],
            Threads = context.Threads,
            Device = context.Device,
            Seed = context.Seed,
            Licence = context.Get(_licence),
            DataNote = context.Get(_dataNote),
        };
        var result = new MultitaskTrainer(options, TimeProvider.System, context.Terminal).Train(
            folder,
            cancellationToken
        );
        foreach (var task in result.Tasks)
        {
            Show(context.Terminal, task.Name, "validation", task.Validation);
            Show(context.Terminal, task.Name, "test", task.Test);
        }

        context.Terminal.Result($"encoder of epoch {result.BestEpoch}: {Path.Combine(folder, "encoder.onnx")}");
        return ExitCode.Done;
    }

    private static void Show(
        Terminal terminal,
        string task,
        string part,
        IReadOnlyDictionary<string, Estimate> estimates
    )
    {
        if (estimates.Count == 0)
            return;
        var figures = estimates.Select(one =>
            string.Create(
                CultureInfo.InvariantCulture,
                $"{one.Key} {one.Value.Value:0.000} ({one.Value.Low:0.000} to {one.Value.High:0.000})"
            )
        );
        terminal.Result($"{task}, {estimates.Values.First().N} {part} patches: {string.Join(", ", figures)}");
    }
}
