using System.CommandLine;
using System.Globalization;
using Histonic.Learning.Encoders;
using Histonic.Learning.Encoders.Training;
using Histonic.Learning.Encoders.Training.Augmentation;
using Histonic.Learning.Encoders.Training.Data;
using Histonic.Slides;
using Histonic.Statistics;
using TorchSharp;

namespace Histonic.Cli.Commands;

/// <summary>encoder train: labelled patches become an encoder.</summary>
internal static class EncoderTrainCommand
{
    private static readonly EncoderTrainingOptions _defaults = new() { Tasks = [] };

    private static readonly Argument<string?> _file = new("FILE.yaml")
    {
        Description = "Settings as YAML, such as the config.yaml of another training. Options beside it win.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private static readonly Option<string> _objective = new("--objective")
    {
        Description =
            "What it is trained for: mtl (several labelled tasks at once), supervised (one), vae, contrastive, bigan (no labels), "
            + "mean-rgb (no training).",
        DefaultValueFactory = _ => EncoderTrainingFile.Word(_defaults.Objective),
    };

    private static readonly Option<string[]> _tasks = new("--task")
    {
        Description =
            "A task as NAME=LOCATION: a folder with one folder of patches a class; a table (.csv: file, class, group, mpp); or an HDF5 file "
            + "(.h5: x, y). NAME=LOCATION@MPP tells the patches' µm per pixel, by which they are rescaled to --mpp, then cropped or padded "
            + "by reflection. Without it they are stretched to --patch. Give it once a task. Annotated slides: in FILE.yaml.",
        HelpName = "NAME=LOCATION[@MPP]",
    };

    private static readonly Option<string?> _out = new("--out")
    {
        Description =
            "The folder (needed unless --preview) for encoder.onnx, encoder.safetensors, checkpoint.safetensors, log.csv, tensorboard, splits.csv, metrics.json, "
            + "model-card.md, config.yaml.",
    };

    private static readonly Option<string?> _name = new("--name")
    {
        Description = "The encoder's name. Default: the name of --out.",
    };

    private static readonly Option<bool> _resume = new("--resume")
    {
        Description = "Go on from the checkpoint in --out, where there is one; otherwise begin.",
    };

    private static readonly Option<int> _epochs = new("--epochs")
    {
        Description = "The most epochs; training ends before when nothing gets better.",
        DefaultValueFactory = _ => _defaults.Epochs,
    };

    private static readonly Option<int?> _maxSteps = new("--max-steps") { Description = "The most steps in all." };

    private static readonly Option<int?> _stepsPerEpoch = new("--steps-per-epoch")
    {
        Description = "Steps between two looks at the validation patches. Default: each patch about once, at least 50.",
    };

    private static readonly Option<int> _batch = new("--batch")
    {
        Description = "Patches of a batch, over all tasks; for contrastive, pairs.",
        DefaultValueFactory = _ => _defaults.Batch,
    };

    private static readonly Option<double?> _lr = new("--lr")
    {
        Description =
            "Adam's first learning rate; it falls to a tenth on each plateau of the validation. Default: 0.001, for bigan 0.0002 (fixed).",
    };

    private static readonly Option<int> _patience = new("--patience")
    {
        Description = "Epochs without a better one that make a plateau.",
        DefaultValueFactory = _ => _defaults.Patience,
    };

    private static readonly Option<double?> _clip = new("--clip")
    {
        Description = "Cut gradients that are longer than this. Default: never.",
    };

    private static readonly Option<string> _lossWeights = new("--loss-weights")
    {
        Description =
            "How tasks' losses are weighted: equal, given (weight of each task, in FILE.yaml), or uncertainty (learned).",
        DefaultValueFactory = _ => EncoderTrainingFile.Word(_defaults.Weighting),
    };

    private static readonly Option<string> _augmentation = new("--augmentation")
    {
        Description =
            "How far patches are changed: none, light, papers or strong, alone or with changes (light,hed=0.1,elastic=80..120) of symmetries, "
            + "scale, elastic, elastic-sigma, hed, hue, saturation, contrast, brightness, blur, noise, darkest, brightest.",
        DefaultValueFactory = _ => "light",
    };

    private static readonly Option<string?> _preview = new("--preview")
    {
        Description =
            "Draw training patches of every class, as they are and as augmentation changes them, as this PNG, and do not train.",
        HelpName = "FILE.png",
    };

    private static readonly Option<string> _split = new("--split")
    {
        Description = "Shares of training, validation and test, by patient or slide.",
        DefaultValueFactory = _ => "70/15/15",
    };

    private static readonly Option<string?> _splits = new("--splits")
    {
        Description = "Take each patient's or slide's part from this splits.csv of another training.",
    };

    private static readonly Option<string?> _groupRegex = new("--group-regex")
    {
        Description =
            "Finds the patient or slide in a file's name without extension: the first group of this regular expression, "
            + "or the whole match. Default: a rule that knows TCGA codes and names such as SLIDE_X_Y.",
    };

    private static readonly Option<string> _architecture = new("--architecture")
    {
        Description =
            "The layers: published (the authors' encoder, 64 × 64 after pooling), deep (P2's VAE encoder) or shallow (that of P2's synthetic pictures, for patches from 8 px).",
        DefaultValueFactory = _ => EncoderTrainingFile.Word(_defaults.Encoder.Architecture),
    };

    private static readonly Option<double> _mpp = new("--mpp")
    {
        Description = "The encoder's pixel size in µm.",
        DefaultValueFactory = _ => _defaults.Encoder.PixelSize.Value,
    };

    private static readonly Option<int> _patch = new("--patch")
    {
        Description = "The side of the encoder's patch in pixels.",
        DefaultValueFactory = _ => _defaults.Encoder.PatchSize,
    };

    private static readonly Option<int> _width = new("--width")
    {
        Description = "Filters of each convolution (deep: of the third of five).",
        DefaultValueFactory = _ => _defaults.Encoder.Width,
    };

    private static readonly Option<int> _embedding = new("--embedding")
    {
        Description = "Numbers of an embedding.",
        DefaultValueFactory = _ => _defaults.Encoder.Channels,
    };

    private static readonly Option<double> _vaeGamma = new("--vae-gamma")
    {
        Description = "vae: the weight of the Kullback-Leibler divergence.",
        DefaultValueFactory = _ => _defaults.VaeGamma,
    };

    private static readonly Option<double> _decoderWidth = new("--decoder-width")
    {
        Description =
            "vae, bigan: the width of what draws patches, as a share of the papers'. 0.25 trains several times as fast.",
        DefaultValueFactory = _ => _defaults.DecoderWidth,
    };

    private static readonly Option<double> _neighbours = new("--neighbours")
    {
        Description = "contrastive: the share of different pairs that come from one slide or patient.",
        DefaultValueFactory = _ => _defaults.NeighbourShare,
    };

    private static readonly Option<int> _memory = new("--memory")
    {
        Description = "Megabytes of decoded patches to hold; others are decoded at each use.",
        DefaultValueFactory = _ => (int)(_defaults.PixelBudget >> 20),
    };

    private static readonly Option<string> _licence = new("--licence")
    {
        Description = "The licence of the weights, for the encoder's file and card.",
        DefaultValueFactory = _ => _defaults.Licence,
    };

    private static readonly Option<string?> _dataNote = new("--data-note")
    {
        Description = "What the patches are and where they come from, for the encoder's file and card.",
    };

    public static Command Create(Terminal terminal)
    {
        _objective.AcceptOnlyFromAmong(Words<TrainingObjective>());
        _lossWeights.AcceptOnlyFromAmong(Words<LossWeighting>());
        _architecture.AcceptOnlyFromAmong(Words<EncoderArchitecture>());
        Option[] options =
        [
            _objective,
            _tasks,
            _out,
            _name,
            _resume,
            _epochs,
            _maxSteps,
            _stepsPerEpoch,
            _batch,
            _lr,
            _patience,
            _clip,
            _lossWeights,
            _augmentation,
            _preview,
            _split,
            _splits,
            _groupRegex,
            _architecture,
            _mpp,
            _patch,
            _width,
            _embedding,
            _vaeGamma,
            _decoderWidth,
            _neighbours,
            _memory,
            _licence,
            _dataNote,
        ];
        var command = new Command(
            "train",
            "Trains a patch encoder on patches, with labels or without.".WithExamples(
                "encoder train --objective mtl --task mitosis=patches/mitosis@0.25 --task tissue=patches/tissue@0.5 --out runs/mtl",
                "encoder train --objective contrastive --task a=patches/a --max-steps 2000 --augmentation strong --out runs/contrastive",
                "encoder train settings.yaml --augmentation light,hed=0.1 --preview sheet.png",
                "encoder train settings.yaml --seed 2 --out runs/seed-2",
                "encoder train runs/mtl/config.yaml --out runs/mtl --resume"
            )
        )
        {
            _file,
        };
        foreach (var option in options)
            command.Options.Add(option);
        command.Validators.Add(result =>
        {
            // the words as they stand: values may be faulty still
            var trains =
                result.GetResult(_objective)?.Tokens is not [{ Value: "mean-rgb" }]
                || result.GetResult(_preview) is not null;
            if (trains && result.GetResult(_file) is not { Tokens.Count: > 0 } && result.GetResult(_tasks) is null)
                result.AddError("Give what to train on: --task NAME=LOCATION, or a FILE.yaml.");
            if (result.GetResult(_out) is null && result.GetResult(_preview) is null)
                result.AddError("Give where the encoder comes to be: --out FOLDER.");
        });
        return command.Runs(terminal, Run);
    }

    private static string[] Words<T>()
        where T : struct, Enum => [.. Enum.GetValues<T>().Select(EncoderTrainingFile.Word)];

    private static int Run(CommandContext context, CancellationToken cancellationToken)
    {
        NativeMemory.KeepLargeBlocks();
        torch.set_num_threads(context.Threads);
        if (context.Get(_preview) is { } sheet)
        {
            new EncoderTrainer(Options(context, "preview"), TimeProvider.System, context.Terminal).Preview(
                sheet,
                cancellationToken
            );
            context.Terminal.Result($"augmented samples: {sheet}");
            return ExitCode.Done;
        }

        var folder = context.Get(_out)!;
        var result = new EncoderTrainer(Options(context, folder), TimeProvider.System, context.Terminal).Train(
            folder,
            context.Get(_resume),
            cancellationToken
        );
        foreach (var figures in result.Figures)
        {
            Show(context.Terminal, figures.Name, "validation", figures.Validation);
            Show(context.Terminal, figures.Name, "test", figures.Test);
        }

        context.Terminal.Result(
            result.BestEpoch > 0
                ? $"encoder of epoch {result.BestEpoch}: {Path.Combine(folder, "encoder.onnx")}"
                : $"encoder: {Path.Combine(folder, "encoder.onnx")}"
        );
        return ExitCode.Done;
    }

    /// <summary>The settings of the file, or the defaults, with the given options over them.</summary>
    private static EncoderTrainingOptions Options(CommandContext context, string folder)
    {
        var file = context.Get(_file);
        var settings = file is null ? _defaults : EncoderTrainingFile.Read(file);
        var shape = settings.Encoder;
        return settings with
        {
            Objective = Given(
                _objective,
                settings.Objective,
                word => EncoderTrainingFile.Parse<TrainingObjective>("--objective", word)
            ),
            Tasks = Given(_tasks, settings.Tasks, tasks => [.. tasks.Select(TaskSource.Parse)]),
            Name =
                context.Get(_name)
                ?? (
                    file is null || string.Equals(settings.Name, _defaults.Name, StringComparison.Ordinal)
                        ? Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)))
                        : settings.Name
                ),
            Encoder = shape with
            {
                Architecture = Given(
                    _architecture,
                    shape.Architecture,
                    word => EncoderTrainingFile.Parse<EncoderArchitecture>("--architecture", word)
                ),
                PatchSize = Given(_patch, shape.PatchSize, value => value),
                PixelSize = Given(_mpp, shape.PixelSize, value => new Microns(value)),
                Width = Given(_width, shape.Width, value => value),
                Channels = Given(_embedding, shape.Channels, value => value),
            },
            GroupRegex = context.Get(_groupRegex) ?? settings.GroupRegex,
            Split = Given(_split, settings.Split, SplitShares.Parse),
            SplitsFile = context.Get(_splits) ?? settings.SplitsFile,
            Epochs = Given(_epochs, settings.Epochs, value => value),
            MaxSteps = context.Get(_maxSteps) ?? settings.MaxSteps,
            StepsPerEpoch = context.Get(_stepsPerEpoch) ?? settings.StepsPerEpoch,
            Batch = Given(_batch, settings.Batch, value => value),
            LearningRate = context.Get(_lr) ?? settings.LearningRate,
            Patience = Given(_patience, settings.Patience, value => value),
            ClipNorm = context.Get(_clip) ?? settings.ClipNorm,
            Weighting = Given(
                _lossWeights,
                settings.Weighting,
                word => EncoderTrainingFile.Parse<LossWeighting>("--loss-weights", word)
            ),
            Augmentation = Given(_augmentation, settings.Augmentation, AugmentationOptions.Parse),
            VaeGamma = Given(_vaeGamma, settings.VaeGamma, value => value),
            DecoderWidth = Given(_decoderWidth, settings.DecoderWidth, value => value),
            NeighbourShare = Given(_neighbours, settings.NeighbourShare, value => value),
            PixelBudget = Given(_memory, settings.PixelBudget, value => (long)value << 20),
            Threads = Given(CommonOptions.Threads, file is null ? context.Threads : settings.Threads, value => value),
            Device = Given(CommonOptions.Device, settings.Device, value => value),
            Seed = Given(CommonOptions.Seed, settings.Seed, value => new Seed(value)),
            Licence = Given(_licence, settings.Licence, value => value),
            DataNote = context.Get(_dataNote) ?? settings.DataNote,
        };

        // an option's own default must not win over the file
        TResult Given<TValue, TResult>(Option<TValue> option, TResult otherwise, Func<TValue, TResult> take) =>
            context.Parsed.GetResult(option) is { Implicit: false } ? take(context.Get(option)) : otherwise;
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
