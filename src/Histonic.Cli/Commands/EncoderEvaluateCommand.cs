using System.CommandLine;
using System.Globalization;
using Histonic.Learning.Encoders.Evaluation;
using Histonic.Learning.Encoders.Training.Data;
using TorchSharp;

namespace Histonic.Cli.Commands;

/// <summary>encoder evaluate: how well frozen encoders tell the classes of labelled patches.</summary>
internal static class EncoderEvaluateCommand
{
    private static readonly EncoderEvaluationOptions _defaults = new() { Encoders = [], Tasks = [] };

    private static readonly Option<string[]> _encoders = new("--encoder")
    {
        Description =
            "Encoders: built-in names, or .onnx files. The others are compared with the first. Each works at its own patch size and mpp.",
        HelpName = "NAME|FILE",
        AllowMultipleArgumentsPerToken = true,
        Required = true,
    };

    private static readonly Option<string[]> _tasks = new("--task")
    {
        Description =
            "Labelled patches as NAME=LOCATION or NAME=LOCATION@MPP, as encoder train takes them. Give it once a task.",
        HelpName = "NAME=LOCATION[@MPP]",
        Required = true,
    };

    private static readonly Option<string> _out = new("--out")
    {
        Description = "The folder for report.html, metrics.json, table.csv, maps.csv, splits.csv.",
        Required = true,
    };

    private static readonly Option<string> _split = new("--split")
    {
        Description = "Shares of training, validation and test, by patient or slide.",
        DefaultValueFactory = _ => "70/15/15",
    };

    private static readonly Option<string?> _splits = new("--splits")
    {
        Description =
            "Take each patient's or slide's part from this splits.csv, such as that of the encoder's training: what it was trained on "
            + "must not be tested on.",
    };

    private static readonly Option<string?> _groupRegex = new("--group-regex")
    {
        Description =
            "Finds the patient or slide in a file's name without extension: the first group of this regular expression, "
            + "or the whole match.",
    };

    private static readonly Option<int> _repeats = new("--repeats")
    {
        Description = "How often the mlp is trained, each time from another seed; figures are means.",
        DefaultValueFactory = _ => _defaults.Repeats,
    };

    private static readonly Option<string> _probe = new("--probe")
    {
        Description =
            "How classes are told from embeddings: mlp (a small network, as in the papers), knn (the nearest patches vote), or both.",
        DefaultValueFactory = _ => "both",
    };

    private static readonly Option<int> _points = new("--points")
    {
        Description = "The most test patches on an embedding map (principal components and t-SNE); 0 for no maps.",
        DefaultValueFactory = _ => _defaults.Points,
    };

    private static readonly Option<int> _memory = new("--memory")
    {
        Description = "Megabytes of decoded patches to hold; others are decoded at each use.",
        DefaultValueFactory = _ => (int)(_defaults.PixelBudget >> 20),
    };

    static EncoderEvaluateCommand() => _probe.AcceptOnlyFromAmong("mlp", "knn", "both");

    public static Command Create(Terminal terminal) =>
        new Command(
            "evaluate",
            "Measures frozen encoders on labelled patches of held-out patients or slides: AUC and accuracies with 95 % intervals.".WithExamples(
                "encoder evaluate --encoder runs/mtl/encoder.onnx multitask-4.onnx --task tissue=patches/tissue@0.5 --out evaluation",
                "encoder evaluate --encoder runs/mtl/encoder.onnx --task mitosis=patches/mitosis@0.25 --splits runs/mtl/splits.csv --out evaluation"
            )
        )
        {
            _encoders,
            _tasks,
            _out,
            _split,
            _splits,
            _groupRegex,
            _repeats,
            _probe,
            _points,
            _memory,
        }.Runs(terminal, Run);

    private static int Run(CommandContext context, CancellationToken cancellationToken)
    {
        NativeMemory.KeepLargeBlocks();
        torch.set_num_threads(context.Threads);
        var folder = context.Get(_out);
        var files = new EvaluationFiles(folder);
        var options = new EncoderEvaluationOptions
        {
            Encoders = context.Get(_encoders),
            Tasks = [.. context.Get(_tasks).Select(TaskSource.Parse)],
            GroupRegex = context.Get(_groupRegex),
            Split = SplitShares.Parse(context.Get(_split)),
            SplitsFile = context.Get(_splits),
            Probes = context.Get(_probe) switch
            {
                "mlp" => [ProbeMethod.Mlp],
                "knn" => [ProbeMethod.Knn],
                _ => [ProbeMethod.Mlp, ProbeMethod.Knn],
            },
            Repeats = context.Get(_repeats),
            Points = context.Get(_points),
            PixelBudget = (long)context.Get(_memory) << 20,
            Threads = context.Threads,
            Device = context.Device,
            Seed = context.Seed,
        };
        var result = new EncoderEvaluator(options, context.Terminal).Run(
            files.WriteSplits,
            evaluation =>
            {
                files.WriteFigures(evaluation);
                if (evaluation.Encoders.Count > 0)
                    EncoderEvaluationReport.Write(folder, evaluation, context);
            },
            cancellationToken
        );
        Show(context.Terminal, result);
        if (result.Encoders.Count > 0)
            context.Terminal.Result($"report  {Path.Combine(folder, EncoderEvaluationReport.FileName)}");
        foreach (var failure in result.Failures)
            context.Terminal.Fail(failure.Reason);
        return result switch
        {
            { Encoders.Count: 0 } => ExitCode.InputAtFault,
            { Failures.Count: > 0 } => ExitCode.DoneInPart,
            _ => ExitCode.Done,
        };
    }

    private static void Show(Terminal terminal, EncoderEvaluation result)
    {
        if (result.Encoders.Count == 0)
            return;
        var width = Math.Max(7, result.Encoders.Max(encoder => encoder.Label.Length));
        foreach (var task in result.Tasks)
        {
            terminal.Result(
                $"{task.Name}: {task.Patches[SplitPart.Test]} test patches of {task.Groups[SplitPart.Test]} patients or slides"
                    + (task.FewGroups ? "; too few: the intervals say little" : "")
            );
            terminal.Result(
                $"  {"encoder".PadRight(width)}  {"method", -6}  {"auc", -22}  {"sd", -5}  {"balanced accuracy", -22}  {"accuracy", -22}"
            );
            foreach (var encoder in result.Encoders)
            {
                foreach (var figures in encoder.Figures.Where(one => Same(one.Task, task.Name)))
                {
                    terminal.Result(
                        $"  {encoder.Label.PadRight(width)}  {EvaluationFiles.Word(figures.Method), -6}  "
                            + $"{Cell(figures, "auc"), -22}  {Spread(figures, "auc"), -5}  {Cell(figures, "balanced_accuracy"), -22}  {Cell(figures, "accuracy")}"
                    );
                }
            }

            foreach (var difference in result.Differences.Where(one => Same(one.Task, task.Name)))
            {
                terminal.Result(
                    $"  auc by {EvaluationFiles.Word(difference.Method)}, {difference.Encoder} − {difference.Minus}: "
                        + $"{Signed(difference.Difference.Value)} "
                        + $"({Signed(difference.Difference.Low)} to {Signed(difference.Difference.High)})"
                );
            }
        }
    }

    private static string Cell(ProbeFigures figures, string metric) =>
        figures.Test.TryGetValue(metric, out var one)
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"{one.Estimate.Value:0.000} ({one.Estimate.Low:0.000} to {one.Estimate.High:0.000})"
            )
            : "not determined";

    private static string Spread(ProbeFigures figures, string metric) =>
        figures.Test.TryGetValue(metric, out var one) && one.Spread is { } spread
            ? spread.ToString("0.000", CultureInfo.InvariantCulture)
            : "";

    // rounded first: what rounds to 0 has no sign
    private static string Signed(double difference) =>
        Math.Round(difference, 3).ToString("+0.000;−0.000;0.000", CultureInfo.InvariantCulture);

    private static bool Same(string a, string b) => string.Equals(a, b, StringComparison.Ordinal);
}
