using System.CommandLine;
using System.Globalization;
using Histonic.Learning.Prediction;
using Histonic.Reports.Evaluation;
using Histonic.Reports.Experiments;
using Histonic.Reports.Pages;
using Histonic.Slides;
using Histonic.Slides.Cohorts;
using Histonic.Slides.Grids;

namespace Histonic.Cli.Commands;

/// <summary>train: cross-validates a slide-level predictor.</summary>
internal static class TrainCommand
{
    private static readonly PredictorOptions _defaults = new();

    private static readonly Option<string> _features = new("--features")
    {
        Description = "The folder of compressed slides (SLIDE.h5).",
        Required = true,
    };

    private static readonly Option<string> _labels = new("--labels")
    {
        Description = "A CSV file: slide, optionally patient, and the target columns. Empty = unknown.",
        Required = true,
    };

    private static readonly Option<string> _out = new("--out")
    {
        Description = "The run folder: configuration, folds, networks, predictions, metrics and report.",
        Required = true,
    };

    private static readonly Option<string> _model = new("--model")
    {
        Description =
            "cnn: the papers' network on the grid. abmil: gated attention over patches, wherever they lie; abmil-position: the same, told where. mean: a linear baseline on the slide's mean embedding.",
        DefaultValueFactory = _ => _defaults.Model,
    };

    private static readonly Option<string> _loss = new("--loss")
    {
        Description =
            "What is minimised: cross-entropy for classes; mse or huber for numbers; cox (partial likelihood) or hazards (of intervals of time) for survival. "
            + "Of several targets, those that are to have another than the first: score=huber,months=hazards.",
        DefaultValueFactory = _ => _defaults.Loss,
    };

    private static readonly Option<string> _targetWeights = new("--target-weights")
    {
        Description =
            "What each of several targets counts in the loss and in the choice of the epoch, by the name of its first column: pattern=1,score=0.5. Those not named count 1.",
        DefaultValueFactory = _ => _defaults.TargetWeights,
    };

    private static readonly Option<int> _patience = new("--patience")
    {
        Description = "Ends a fold after so many epochs without a better validation metric; 0 = never.",
        DefaultValueFactory = _ => _defaults.Patience,
    };

    private static readonly Option<string?> _site = new("--site")
    {
        Description =
            "A column of the labels that names where each slide comes from: each site is tested by networks that saw none of it.",
        HelpName = "COLUMN",
    };

    private static readonly Option<int> _folds = new("--folds")
    {
        Description = "Partitions of patients: one tests, one validates, the rest train, in turn.",
        DefaultValueFactory = _ => _defaults.Folds,
    };

    private static readonly Option<string?> _foldsFile = new("--folds-file")
    {
        Description =
            "Take the partitions from this CSV file (slide, fold), such as another run's folds.csv; or fixed splits: a CSV file (slide, split = train, validation or test, and with several rounds fold), or CLAM's splits_K.csv or their folder.",
    };

    private static readonly Option<int> _epochs = new("--epochs")
    {
        Description = "How often all training slides are seen; the best epoch by validation is kept.",
        DefaultValueFactory = _ => _defaults.Epochs,
    };

    private static readonly Option<int> _batch = new("--batch")
    {
        Description = "Slides a step; 0 = 16, for survival 32.",
        DefaultValueFactory = _ => _defaults.BatchSize,
    };

    private static readonly Option<double> _rate = new("--learning-rate")
    {
        Description =
            "Adam's first learning rate; 0 = the network's own (0.01; abmil 0.001). It falls when the validation loss stands still.",
        DefaultValueFactory = _ => _defaults.LearningRate,
    };

    private static readonly Option<string> _classWeights = new("--class-weights")
    {
        Description =
            "Classes of unequal size: batches (each batch holds as many slides of each), balanced (errors count by n / (k · slides of the class)), none, or weights such as low=1,high=3 (of one among several targets: grade:low=1,grade:high=3).",
        DefaultValueFactory = _ => _defaults.ClassWeights,
    };

    private static readonly Option<int> _repeats = new("--repeats")
    {
        Description =
            "Repeats the cross-validation so often, each time with folds and weights of its own; predictions are averaged slide by slide.",
        DefaultValueFactory = _ => 1,
    };

    private static readonly Option<string?> _externalFeatures = new("--external-features")
    {
        Description = "Compressed slides of other patients, predicted by all networks when they are trained.",
        HelpName = "DIR",
    };

    private static readonly Option<string?> _externalLabels = new("--external-labels")
    {
        Description = "The truths of the external slides, in the columns of --labels.",
        HelpName = "CSV",
    };

    private static readonly Option<int> _memory = new("--memory")
    {
        Description =
            "Megabytes of embeddings to hold, as narrow as they are stored; others are read again at each use. The result is the same.",
        DefaultValueFactory = _ => (int)(EmbeddingCache.DefaultBudget >> 20),
    };

    private static readonly Option<bool> _resume = new("--resume")
    {
        Description =
            "Go on with a run that was stopped: folds that are done are kept, the others go on from their last half minute.",
    };

    private static readonly Option<bool> _skipUnknown = new("--skip-unknown")
    {
        Description = "Leave labelled slides out that have no compressed slide, with a warning.",
    };

    public static Command Create(Terminal terminal)
    {
        _model.AcceptOnlyFromAmong([.. SlideNetworks.Names]);
        return new Command(
            "train",
            "Learns a slide-level target from compressed slides, by cross-validation over patients.".WithExamples(
                "train --features features --labels labels.csv --task classification --target growth_pattern --out runs/hgp",
                "train --features features --labels labels.csv --task regression --target proliferation --out runs/score",
                "train --features features --labels labels.csv --task survival --time months --event died --out runs/os",
                "train --features features --labels labels.csv --target growth_pattern:classification --target proliferation:regression --target months,died:survival --out runs/all",
                "train --features ours --labels labels.csv --task classification --target growth_pattern --repeats 5 --external-features theirs --external-labels theirs.csv --out runs/hgp5"
            )
        )
        {
            _features,
            _labels,
            TargetOptions.Task,
            TargetOptions.Target,
            TargetOptions.Time,
            TargetOptions.Event,
            SlidePictures.Option,
            _out,
            _model,
            _loss,
            _targetWeights,
            _folds,
            _foldsFile,
            _site,
            _repeats,
            _externalFeatures,
            _externalLabels,
            _classWeights,
            _epochs,
            _patience,
            _batch,
            _rate,
            _memory,
            _resume,
            _skipUnknown,
        }.Runs(terminal, Run);
    }

    private static int Run(CommandContext context, CancellationToken cancellationToken)
    {
        NativeMemory.KeepLargeBlocks();
        TorchDevice.Require(context.Device);
        var targets = TargetOptions.Of(context);
        if (context.Get(_memory) < 0)
            throw new OptionException("--memory", context.Get(_memory), "0 or more megabytes");
        var options = new PredictorOptions
        {
            Model = context.Get(_model),
            Loss = context.Get(_loss),
            TargetWeights = context.Get(_targetWeights),
            ClassWeights = context.Get(_classWeights),
            Patience = context.Get(_patience),
            Folds = context.Get(_folds),
            Epochs = context.Get(_epochs),
            BatchSize = context.Get(_batch),
            LearningRate = context.Get(_rate),
        }.Validated();
        var labels = LabelTable.Read(context.Get(_labels));
        if (!labels.HasPatients)
            context.Terminal.Note($"{labels.Path}: no column tells patients, so each slide counts as one of its own");
        var cohort = Cohort.Read(
            labels,
            targets,
            FeatureFolder.Open(context.Get(_features)),
            new EmbeddingCache((long)context.Get(_memory) << 20),
            context.Get(_skipUnknown),
            context.Terminal,
            cancellationToken
        );
        var external = ExternalSet.Of(
            context.Get(_externalFeatures),
            context.Get(_externalLabels),
            cohort,
            context.Terminal
        );
        var folds = FoldsOf(context, cohort, labels);
        var (folder, repeats) = (context.Get(_out), RepeatsOf(context, folds));
        if (repeats == 1)
            Report(context, folder, Train(context, folder, cohort, folds, options, context.Seed, cancellationToken));
        else
            Repeat(context, folder, cohort, options, repeats, cancellationToken);
        return external is null ? ExitCode.Done : Test(context, folder, external, cancellationToken);
    }

    private static IReadOnlyList<PredictionTable> Train(
        CommandContext context,
        string folder,
        Cohort cohort,
        Folds? folds,
        PredictorOptions options,
        Seed seed,
        CancellationToken cancellationToken
    ) =>
        PredictorTrainer.Train(
            folder,
            cohort,
            folds,
            options,
            seed,
            context.Threads,
            context.Get(_resume),
            context.Terminal,
            cancellationToken
        );

    private static int RepeatsOf(CommandContext context, Folds? folds) =>
        context.Get(_repeats) switch
        {
            1 => 1,
            > 1 and <= 100 and var repeats when folds is null => repeats,
            > 1 and <= 100 and var repeats => throw new OptionException(
                "--repeats",
                repeats,
                "left out with --folds-file or --site: each repeat makes folds of its own"
            ),
            var other => throw new OptionException("--repeats", other, "from 1 to 100"),
        };

    /// <summary>Runs of their own in repeat-K; above them the predictions of each slide, averaged, and their figures.</summary>
    private static void Repeat(
        CommandContext context,
        string folder,
        Cohort cohort,
        PredictorOptions options,
        int repeats,
        CancellationToken cancellationToken
    )
    {
        var path = Path.Combine(folder, "config.yaml");
        var first = PredictorRun.RepeatFolder(folder, 1);
        if (File.Exists(path) && (!context.Get(_resume) || !Directory.Exists(first)))
            throw new InputException(folder, "already holds a run", "Choose another --out");
        List<IReadOnlyList<PredictionTable>> tables = [];
        List<IReadOnlyList<object?>> figures = [];
        for (var repeat = 1; repeat <= repeats; repeat++)
        {
            // the first is the run that there would be without repeats
            var seed =
                repeat == 1
                    ? context.Seed
                    : new Seed(context.Seed.Number(string.Create(CultureInfo.InvariantCulture, $"repeat {repeat}")));
            var own = PredictorRun.RepeatFolder(folder, repeat);
            context.Terminal.Note(string.Create(CultureInfo.InvariantCulture, $"repeat {repeat} of {repeats}"));
            tables.Add(Train(context, own, cohort, null, options, seed, cancellationToken));
            foreach (var table in tables[^1])
            {
                var prefix = tables[^1].Count > 1 ? $"{table.Target.Name}:" : "";
                figures.AddRange(
                    Evaluator
                        .Evaluate(table, new EvaluationOptions { Resamples = 200 }, own)
                        .Pooled.Metrics.Select(score =>
                            (IReadOnlyList<object?>)[repeat, seed.Value, prefix + score.Key, score.Estimate?.Value]
                        )
                );
            }
        }

        PredictionTable[] mean =
        [
            .. tables[0].Select((_, target) => SeedAverage.Of([.. tables.Select(repeat => repeat[target])])),
        ];
        PredictionTable.Write(Path.Combine(folder, RunReport.PredictionsName), mean);
        CsvTable.Write(Path.Combine(folder, "repeats.csv"), ["repeat", "seed", "metric", "value"], figures);
        var configuration = RunConfiguration.Read(Path.Combine(first, "config.yaml")) with { Repeats = repeats };
        AtomicFile.WriteText(path, configuration.ToString());
        Report(context, folder, mean);
    }

    /// <summary>What all networks together say of slides of other patients.</summary>
    private static int Test(
        CommandContext context,
        string folder,
        ExternalSet external,
        CancellationToken cancellationToken
    )
    {
        TorchSharp.torch.set_num_threads(context.Threads); // as predict does: the last digits depend on it
        using var run = PredictorRun.Open(folder);
        var own = Path.Combine(folder, "external");
        List<IReadOnlyList<Prediction>> rows = [];
        var exit = InputBatch.Run(
            context.Terminal,
            "external",
            [.. external.Truths.Select(truths => external.Features.PathOf(truths[0].Slide))],
            own,
            path =>
            {
                var slide = external.Features.Grid(SlideName.Of(path));
                var truths = external.Truths.First(one =>
                    string.Equals(one[0].Slide, slide.Slide, StringComparison.Ordinal)
                );
                rows.Add([.. run.Predict(slide, cancellationToken).Zip(truths, (one, truth) => one.With(truth))]);
            },
            cancellationToken
        );
        if (rows.Count == 0)
            return exit;
        var tables = run.Tables(rows);
        PredictionTable.Write(Path.Combine(own, RunReport.PredictionsName), tables);
        foreach (var unknown in tables.Where(table => !table.Rows.Any(row => row.IsLabelled)))
            context.Terminal.Warn($"{external.Source}: tells no {unknown.Target.Name}; it is predicted, not scored");
        context.Terminal.Result("external slides:");
        var networks = run.Networks.Count;
        Report(
            context,
            own,
            [.. tables.Where(table => table.Rows.Any(row => row.IsLabelled))],
            run.Configuration,
            $"Slides of {external.Source}, none of whose patients was trained on, by the mean of {networks} networks."
        );
        return exit;
    }

    private static Folds? FoldsOf(CommandContext context, Cohort cohort, LabelTable labels)
    {
        Truth[] truths = [.. cohort.Slides.Select(slide => slide.Truth)];
        switch (context.Get(_foldsFile), context.Get(_site))
        {
            case ({ }, { } site):
                throw new OptionException("--site", site, "left out: --folds-file tells the folds");
            case ({ } file, _):
                return Folds.Read(file, truths);
            case (_, { } column):
                var sites = labels.Texts(column);
                return Folds.BySite(truths, truth => sites[truth.Slide], $"column {column} of {labels.Path}");
            default:
                return null;
        }
    }

    private static void Report(CommandContext context, string folder, IReadOnlyList<PredictionTable> tables)
    {
        var configuration = RunConfiguration.Read(Path.Combine(folder, "config.yaml"));
        var repeats =
            configuration.Repeats == 1
                ? ""
                : $" Mean of {configuration.Repeats} repeats, each with folds of its own (risks: of the ranks within a fold); repeats.csv has the figures of each.";
        Report(
            context,
            folder,
            tables,
            configuration,
            (
                configuration.GivenSplits
                    ? $"The network {configuration.Model} trained, validated and tested as given, in {configuration.Folds} {(configuration.Folds == 1 ? "round" : "rounds")}, over {configuration.Patients} "
                    : $"{configuration.Folds}-fold cross-validation of the network {configuration.Model} over {configuration.Patients} "
            )
                + $"patients ({configuration.Slides} slides); every slide is predicted by networks that never saw its patient.{repeats}"
        );
    }

    private static void Report(
        CommandContext context,
        string folder,
        IReadOnlyList<PredictionTable> tables,
        RunConfiguration configuration,
        string description
    )
    {
        var figures = RunReport.Write(
            folder,
            tables,
            Path.Combine(folder, RunReport.PredictionsName),
            new EvaluationOptions { Seed = context.Seed, Threads = context.Threads },
            description,
            [
                ("Encoder", $"{configuration.Encoder} (SHA-256 {configuration.EncoderSha256})"),
                ("Features SHA-256", configuration.FeaturesSha256),
                ("Labels SHA-256", configuration.LabelsSha256),
                ("Seed", configuration.Seed.ToString(CultureInfo.InvariantCulture)),
                ("Epochs", configuration.Epochs.ToString(CultureInfo.InvariantCulture)),
            ],
            SlidePictures.Of(context)
        );
        MetricLines.Print(context.Terminal, figures, folder);
    }
}
