using System.Globalization;
using System.Numerics;
using Histonic.Learning.Encoders;
using Histonic.Learning.Encoders.Training;
using Histonic.Learning.Encoders.Training.Data;
using Histonic.Learning.Prediction;
using Histonic.Slides;
using Histonic.Slides.Cohorts;
using Histonic.Slides.Grids;
using YamlDotNet.RepresentationModel;

namespace Histonic.Learning.Experiments;

/// <summary>Reads an experiment's YAML file (docs/experiments.md). Locations are relative to the file's folder.</summary>
public static class ExperimentFile
{
    private const string Subsets = "subsets of tasks";

    private static readonly string[] _trainingKeys =
    [
        "max_steps",
        "steps_per_epoch",
        "batch",
        "learning_rate",
        "least_learning_rate",
        "patience",
        "clip",
        "loss_weights",
        "augmentation",
        "encoder",
        "group_regex",
        "split",
        "splits_file",
        "vae_gamma",
        "decoder_width",
        "neighbours",
        "memory_mb",
        "licence",
        "data_note",
    ];

    /// <summary>Reads a file.</summary>
    /// <exception cref="InputException">It is missing, not YAML, or holds an unknown key or a value that cannot work; the message names the line.</exception>
    public static ExperimentOptions Read(string path)
    {
        var file = YamlMap
            .Read(path)
            .Only(
                "name",
                "slides",
                "labels",
                "targets",
                "patches",
                "training",
                "encoders",
                "encoder_seeds",
                "predictor_seeds",
                "compress",
                "predictor",
                "compare_with",
                "resamples"
            );
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var patches = Patches(file, folder);
        var encoders = Encoders(file, patches, folder);
        var options = new ExperimentOptions
        {
            Name = file.Text("name") ?? Path.GetFileNameWithoutExtension(path),
            Slides = [.. (file.Words("slides") ?? []).Select(place => Path.GetFullPath(place, folder))],
            Labels = Path.GetFullPath(file.RequireText("labels"), folder),
            Targets = Targets(file),
            Encoders = encoders,
            EncoderSeeds = file.Wholes("encoder_seeds") ?? [1],
            PredictorSeeds = file.Wholes("predictor_seeds") ?? [1],
            Compression = Compression(file),
            Predictor = Predictor(file),
            FoldsFile = FoldsFile(file, folder),
            CompareWith = file.Words("compare_with") ?? [],
            Resamples = file.Whole("resamples") ?? 2000,
        };
        if (options.Slides.Count == 0 && encoders.Any(encoder => encoder is not ExperimentEncoder.LaidOut))
            _ = file.Require("slides");
        if (options.Resamples is not (>= 100 and <= 1_000_000))
            throw file.Fault(file.Require("resamples"), $"'resamples' is {options.Resamples}", "Give 100 to 1,000,000");
        foreach (var name in options.CompareWith)
        {
            if (!encoders.Any(encoder => string.Equals(encoder.Name, name, StringComparison.Ordinal)))
                throw file.Fault(
                    file.Require("compare_with"),
                    $"'{name}' is none of the encoders",
                    $"Give some of {string.Join(", ", encoders.Select(encoder => encoder.Name))}"
                );
        }

        return options;
    }

    private static List<ExperimentTarget> Targets(YamlMap file)
    {
        List<ExperimentTarget> targets = [];
        foreach (var node in file.RequireList("targets"))
        {
            var map = file.Map(node, "a target").Only("name", "task", "column", "time", "event");
            var spec = file.At(
                node,
                () => TargetSpec.From(map.RequireText("task"), map.Text("column"), map.Text("time"), map.Text("event"))
            );
            var name = map.Text("name") ?? (spec is TargetSpec.Survival ? "survival" : spec.Columns[0]);
            if (targets.Exists(target => string.Equals(target.Name, name, StringComparison.Ordinal)))
                throw file.Fault(node, $"a second target is called {name}", "Give each a 'name' of its own");
            targets.Add(new ExperimentTarget(name, spec));
        }

        return targets;
    }

    private static Dictionary<string, TaskSource> Patches(YamlMap file, string folder)
    {
        Dictionary<string, TaskSource> patches = new(StringComparer.Ordinal);
        if (file.Map("patches") is not { } map)
            return patches;
        foreach (var name in map.Keys)
        {
            var node = map.Require(name);
            patches.Add(name, map.At(node, () => Task(map, name, node, folder)));
        }

        return patches;
    }

    private static TaskSource Task(YamlMap map, string name, YamlNode node, string folder)
    {
        if (node is not YamlMappingNode)
            return TaskSource.Parse($"{name}={Path.GetFullPath(map.RequireText(name), folder)}");
        var settings = map.Map(node, $"'{name}'")
            .Only("location", "mpp", "annotations", "rest", "origin", "share", "weight", "class_shares", "classes");
        _ = settings.RequireText("location");
        var task = new YamlMappingNode(settings.Node.Children) { { "name", name } };
        var text = YamlMap.Emit(new YamlMappingNode { { "tasks", new YamlSequenceNode(task) } });
        return EncoderTrainingFile.Parse(text, folder).Tasks[0];
    }

    private static List<ExperimentEncoder> Encoders(YamlMap file, Dictionary<string, TaskSource> patches, string folder)
    {
        List<ExperimentEncoder> encoders = [];
        foreach (var node in file.RequireList("encoders"))
        {
            foreach (var encoder in file.At(node, () => Encoder(file, node, patches, folder)))
            {
                if (encoders.Exists(other => string.Equals(other.Name, encoder.Name, StringComparison.Ordinal)))
                    throw file.Fault(
                        node,
                        $"a second encoder is called {encoder.Name}",
                        "Give each a 'name' of its own"
                    );
                encoders.Add(encoder);
            }
        }

        return encoders;
    }

    private static List<ExperimentEncoder> Encoder(
        YamlMap file,
        YamlNode node,
        Dictionary<string, TaskSource> patches,
        string folder
    )
    {
        if (node is YamlScalarNode { Value: { } word })
        {
            return string.Equals(word, EncoderTrainingFile.Word(TrainingObjective.MeanRgb), StringComparison.Ordinal)
                ? [MeanRgb(file, null, word, folder)]
                : [Existing(Path.GetFileNameWithoutExtension(word), [word], [], folder)];
        }

        var map = file.Map(node, "an encoder")
            .Only(Subsets, "objective", "tasks", "name", "training", "file", "features");
        string[] kinds = [Subsets, "objective", "file", "features"];
        string[] given = [.. kinds.Where(map.Has)];
        if (given.Length != 1)
            throw file.Fault(
                node,
                given.Length == 0
                    ? "an encoder says not what it is"
                    : $"an encoder is both {string.Join(" and ", given)}",
                $"Give one of {string.Join(", ", kinds)}"
            );
        var training = map.Map("training");
        switch (given[0])
        {
            case Subsets:
                return SubsetsOf(file, map, training, patches, folder);
            case "objective":
                return [Objective(file, map, training, patches, folder)];
            case "file":
                var files = map.Words("file")!;
                return
                [
                    Existing(
                        map.Text("name") ?? Path.GetFileNameWithoutExtension(files[0]),
                        files,
                        map.Words("tasks") ?? [],
                        folder
                    ),
                ];
            default:
                return
                [
                    new ExperimentEncoder.LaidOut([
                        .. map.Words("features")!.Select(place => Path.GetFullPath(place, folder)),
                    ])
                    {
                        Name =
                            map.Text("name")
                            ?? Path.GetFileName(Path.TrimEndingDirectorySeparator(map.Words("features")![0])),
                        Tasks = map.Words("tasks") ?? [],
                    },
                ];
        }
    }

    /// <summary>An encoder for every subset of the tasks: by size, then in the order in which the tasks are named.</summary>
    private static List<ExperimentEncoder> SubsetsOf(
        YamlMap file,
        YamlMap map,
        YamlMap? training,
        Dictionary<string, TaskSource> patches,
        string folder
    )
    {
        map.Only(Subsets, "training");
        var tasks = map.Words(Subsets)!;
        const int Most = 8;
        if (tasks.Count > Most)
            throw file.Fault(
                map.Require(Subsets),
                $"{tasks.Count} tasks have {(1 << tasks.Count) - 1} subsets",
                $"Give at most {Most}"
            );
        return
        [
            .. Enumerable
                .Range(1, (1 << tasks.Count) - 1)
                .OrderBy(bits => BitOperations.PopCount((uint)bits))
                .ThenBy(
                    bits => string.Concat(tasks.Select((_, i) => (bits >> i & 1) == 1 ? '0' : '1')),
                    StringComparer.Ordinal
                )
                .Select(bits => tasks.Where((_, i) => (bits >> i & 1) == 1).ToArray())
                .Select(subset => new ExperimentEncoder.Trained(
                    Training(
                        file,
                        map.Require(Subsets),
                        training,
                        TrainingObjective.Mtl,
                        subset,
                        patches,
                        string.Join('+', subset),
                        folder
                    )
                )
                {
                    Name = string.Join('+', subset),
                    Tasks = subset,
                }),
        ];
    }

    private static ExperimentEncoder.Trained Objective(
        YamlMap file,
        YamlMap map,
        YamlMap? training,
        Dictionary<string, TaskSource> patches,
        string folder
    )
    {
        var objective = EncoderTrainingFile.Parse<TrainingObjective>("objective", map.RequireText("objective"));
        var name = map.Text("name") ?? EncoderTrainingFile.Word(objective);
        if (objective == TrainingObjective.MeanRgb)
            return MeanRgb(file, training, name, folder);
        var tasks = map.Words("tasks") ?? [.. patches.Keys];
        return new ExperimentEncoder.Trained(
            Training(file, map.Require("objective"), training, objective, tasks, patches, name, folder)
        )
        {
            Name = name,
            Tasks = objective is TrainingObjective.Mtl or TrainingObjective.Supervised ? tasks : [],
        };
    }

    private static ExperimentEncoder.Trained MeanRgb(YamlMap file, YamlMap? training, string name, string folder)
    {
        // of all settings it has patches and pixels only, and the architecture, which bounds their size: no other one may change its cells
        var shape = Settings(file, training, folder).Encoder;
        return new(
            new EncoderTrainingOptions
            {
                Objective = TrainingObjective.MeanRgb,
                Tasks = [],
                Name = name,
                Encoder = new EncoderShape
                {
                    Architecture = shape.Architecture,
                    PatchSize = shape.PatchSize,
                    PixelSize = shape.PixelSize,
                },
            }
        )
        {
            Name = name,
        };
    }

    private static ExperimentEncoder.Existing Existing(
        string name,
        IReadOnlyList<string> sources,
        IReadOnlyList<string> tasks,
        string folder
    ) =>
        new([
            .. sources.Select(source =>
                EncoderCatalog.Names.Contains(source, StringComparer.Ordinal)
                    ? source
                    : Path.GetFullPath(source, folder)
            ),
        ])
        {
            Name = name,
            Tasks = tasks,
        };

    private static EncoderTrainingOptions Training(
        YamlMap file,
        YamlNode node,
        YamlMap? training,
        TrainingObjective objective,
        IReadOnlyList<string> tasks,
        Dictionary<string, TaskSource> patches,
        string name,
        string folder
    )
    {
        var unknown = tasks.FirstOrDefault(task => !patches.ContainsKey(task));
        if (unknown is not null || tasks.Count == 0)
            throw file.Fault(
                node,
                unknown is null ? "there is no task to train on" : $"there are no patches of the task '{unknown}'",
                patches.Count == 0
                    ? "Name them in 'patches'"
                    : $"Name it in 'patches', which has {string.Join(", ", patches.Keys)}"
            );
        var settings = Settings(file, training, folder);
        if (settings.MaxSteps is not { } steps)
            throw file.Fault(
                node,
                "encoders are trained, but for how long is not said",
                "Add 'max_steps: …' to 'training': all encoders are trained for as many steps"
            );
        // a tenth of the steps between two looks at the validation patches, and no end before the last
        var interval = settings.StepsPerEpoch ?? Math.Max(1, (int)Math.Ceiling(steps / 10.0));
        var epochs = (int)Math.Ceiling(steps / (double)interval);
        var patient = training?.Has("patience") == true || file.Map("training")?.Has("patience") == true;
        return (
            settings with
            {
                Objective = objective,
                Tasks = [.. tasks.Select(task => patches[task])],
                Name = name,
                StepsPerEpoch = interval,
                Epochs = epochs,
                Patience = patient ? settings.Patience : epochs + 1,
            }
        ).Validated();
    }

    /// <summary>The settings of all trainings, with an encoder's own over them.</summary>
    private static EncoderTrainingOptions Settings(YamlMap file, YamlMap? own, string folder)
    {
        var merged = new YamlMappingNode();
        foreach (var map in new[] { file.Map("training"), own })
        {
            if (map is null)
                continue;
            map.Only(_trainingKeys);
            foreach (var (key, value) in map.Node.Children)
            {
                // alone first, so that a fault is told with its own line
                _ = file.At(
                    key,
                    () => EncoderTrainingFile.Parse(YamlMap.Emit(new YamlMappingNode { { key, value } }), folder)
                );
                merged.Children[key] = value;
            }
        }

        return EncoderTrainingFile.Parse(YamlMap.Emit(merged), folder);
    }

    private static ExperimentCompression Compression(YamlMap file)
    {
        var standard = new ExperimentCompression();
        if (file.Map("compress") is not { } map)
            return standard;
        map.Only("min_tissue", "stride", "symmetries", "precision", "mpp_override", "exact");
        return new ExperimentCompression
        {
            MinTissue = map.Number("min_tissue") switch
            {
                null => standard.MinTissue,
                >= 0 and <= 1 and var share => share,
                var share => throw map.Fault(
                    map.Require("min_tissue"),
                    string.Create(CultureInfo.InvariantCulture, $"'min_tissue' is {share}"),
                    "Give 0 to 1"
                ),
            },
            Stride = map.Whole("stride"),
            Symmetries = map.Whole("symmetries") switch
            {
                null or 1 => false,
                8 => true,
                var other => throw map.Fault(map.Require("symmetries"), $"'symmetries' is {other}", "Give 1 or 8"),
            },
            Precision = map.Text("precision") switch
            {
                null or "float16" => FeaturePrecision.Bits16,
                "float32" => FeaturePrecision.Bits32,
                var other => throw map.Fault(
                    map.Require("precision"),
                    $"'precision' is {other}",
                    "Give float16 or float32"
                ),
            },
            PixelSizeOverride = map.Number("mpp_override") is { } mpp ? new Microns(mpp) : null,
            Exact = map.Flag("exact") ?? false,
        };
    }

    private static string? FoldsFile(YamlMap file, string folder) =>
        file.Map("predictor") is { } map && map.Text("folds_file") is { } place
            ? map.Whole("folds") is null
                ? Path.GetFullPath(place, folder)
                : throw map.Fault(
                    map.Require("folds"),
                    "'folds' stands beside 'folds_file'",
                    "Leave one out: the file tells the folds"
                )
            : null;

    private static PredictorOptions Predictor(YamlMap file)
    {
        var standard = new PredictorOptions();
        if (file.Map("predictor") is not { } map)
            return standard;
        map.Only("model", "folds", "folds_file", "epochs", "patience", "batch", "learning_rate");
        return file.At(
            file.Require("predictor"),
            () =>
                (
                    standard with
                    {
                        Model = map.Text("model") ?? standard.Model,
                        Folds = map.Whole("folds") ?? standard.Folds,
                        Epochs = map.Whole("epochs") ?? standard.Epochs,
                        Patience = map.Whole("patience") ?? standard.Patience,
                        BatchSize = map.Whole("batch") ?? standard.BatchSize,
                        LearningRate = map.Number("learning_rate") ?? standard.LearningRate,
                    }
                ).Validated()
        );
    }
}
