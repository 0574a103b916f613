using System.CommandLine;
using System.Globalization;
using Histonic.Learning.Prediction;
using Histonic.Reports.Evaluation;
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
            "What is minimised: cross-entropy for classes; mse or huber for numbers; cox (partial likelihood) or hazards (of intervals of time) for survival.",
        DefaultValueFactory = _ => _defaults.Loss,
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
        Description = "Take the partitions from this CSV file (slide, fold), such as another run's folds.csv.",
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

    private static readonly Option<bool> _resume = new("--resume")
    {
        Description = "Go on with a run that was stopped: folds that are done are kept.",
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
                "train --features features --labels labels.csv --task survival --time months --event died --out runs/os"
            )
        )
        {
            _features,
            _labels,
            TargetOptions.Task,
            TargetOptions.Target,
            TargetOptions.Time,
            TargetOptions.Event,
            _out,
            _model,
            _loss,
            _folds,
            _foldsFile,
            _site,
            _epochs,
            _patience,
            _batch,
            _rate,
            _resume,
            _skipUnknown,
        }.Runs(terminal, Run);
    }

    private static int Run(CommandContext context, CancellationToken cancellationToken)
    {
        NativeMemory.KeepLargeBlocks();
        TorchDevice.Require(context.Device);
        var target = TargetOptions.Of(context);
        var options = new PredictorOptions
        {
            Model = context.Get(_model),
            Loss = context.Get(_loss),
            Patience = context.Get(_patience),
            Folds = context.Get(_folds),
            Epochs = context.Get(_epochs),
            BatchSize = context.Get(_batch),
            LearningRate = context.Get(_rate),
        }.Validated();
        var labels = LabelTable.Read(context.Get(_labels));
        var cohort = Cohort.Read(
            labels,
            target,
            FeatureFolder.Open(context.Get(_features)),
            context.Get(_skipUnknown),
            context.Terminal,
            cancellationToken
        );
        var folds = FoldsOf(context, cohort, labels);
        var folder = context.Get(_out);
        var table = PredictorTrainer.Train(
            folder,
            cohort,
            folds,
            options,
            context.Seed,
            context.Threads,
            context.Get(_resume),
            context.Terminal,
            cancellationToken
        );
        Report(context, folder, table, options);
        return ExitCode.Done;
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

    private static void Report(CommandContext context, string folder, PredictionTable table, PredictorOptions options)
    {
        var configuration = RunConfiguration.Read(Path.Combine(folder, "config.yaml"));
        var result = RunReport.Write(
            folder,
            table,
            Path.Combine(folder, "predictions.csv"),
            new EvaluationOptions { Seed = context.Seed, Threads = context.Threads },
            $"{configuration.Folds}-fold cross-validation of the network {options.Model} over {configuration.Patients} "
                + $"patients ({configuration.Slides} slides); every slide is predicted by a network that never saw its patient.",
            [],
            [
                ("Encoder", $"{configuration.Encoder} (SHA-256 {configuration.EncoderSha256})"),
                ("Features SHA-256", configuration.FeaturesSha256),
                ("Labels SHA-256", configuration.LabelsSha256),
                ("Seed", configuration.Seed.ToString(CultureInfo.InvariantCulture)),
                ("Epochs", configuration.Epochs.ToString(CultureInfo.InvariantCulture)),
            ]
        );
        MetricLines.Print(context.Terminal, result, folder);
    }
}
