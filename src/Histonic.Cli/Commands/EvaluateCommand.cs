using System.CommandLine;
using System.Security.Cryptography;
using Histonic.Reports.Evaluation;
using Histonic.Reports.Pages;
using Histonic.Slides.Cohorts;

namespace Histonic.Cli.Commands;

/// <summary>evaluate: how good predictions are, from anywhere.</summary>
internal static class EvaluateCommand
{
    private static readonly Option<string> _predictions = new("--predictions")
    {
        Description =
            "A CSV file: slide, prediction (class, number or risk: higher = sooner), optionally patient, fold, split, "
            + "prediction_CLASS probabilities, and the target columns.",
        Required = true,
    };

    private static readonly Option<string> _task = new("--task")
    {
        Description = "classification, regression or survival.",
        Required = true,
    };

    private static readonly Option<string?> _target = new("--target")
    {
        Description = "The column of true classes or numbers.",
    };

    private static readonly Option<string?> _time = new("--time")
    {
        Description = "Survival: the column of times to the event or to the end of observation.",
    };

    private static readonly Option<string?> _event = new("--event")
    {
        Description = "Survival: the column of events, 1 = it happened, 0 = not until then.",
    };

    private static readonly Option<string?> _labels = new("--labels")
    {
        Description = "Take the truth (and the patients) from this CSV file instead of the predictions' own columns.",
    };

    private static readonly Option<string> _out = new("--out")
    {
        Description = "The folder that receives metrics.json and report.html.",
        Required = true,
    };

    private static readonly Option<int> _resamples = new("--resamples")
    {
        Description = "How many resamples of the patients make an interval.",
        DefaultValueFactory = _ => new EvaluationOptions().Resamples,
    };

    static EvaluateCommand() => _task.AcceptOnlyFromAmong([.. TargetSpec.Tasks]);

    public static Command Create(Terminal terminal) =>
        new Command(
            "evaluate",
            "Scores predictions against the truth: metrics with 95 % intervals, curves and tables. Rows whose split is train or validation are left out.".WithExamples(
                "evaluate --predictions runs/growth/predictions.csv --task classification --target growth --out evaluation",
                "evaluate --predictions theirs.csv --labels labels.csv --task survival --time months --event died --out evaluation"
            )
        )
        {
            _predictions,
            _task,
            _target,
            _time,
            _event,
            _labels,
            _out,
            _resamples,
        }.Runs(terminal, Run);

    private static int Run(CommandContext context, CancellationToken cancellationToken)
    {
        var target = TargetSpec.From(context.Get(_task), context.Get(_target), context.Get(_time), context.Get(_event));
        var options = new EvaluationOptions { Seed = context.Seed, Resamples = context.Get(_resamples) }.Validated();
        var predictions = context.Get(_predictions);
        var labels = context.Get(_labels);
        var table = PredictionTable.Read(predictions, target, labels is null ? null : LabelTable.Read(labels));
        cancellationToken.ThrowIfCancellationRequested();
        List<(string, string)> provenance = [("Predictions", Named(predictions))];
        if (labels is not null)
            provenance.Add(("Labels", Named(labels)));
        provenance.Add(("Command", $"histonic {string.Join(' ', context.Parsed.Tokens.Select(token => token.Value))}"));
        var folder = context.Get(_out);
        var result = RunReport.Write(
            folder,
            table,
            predictions,
            options,
            $"Evaluation of {Path.GetFileName(predictions)}.",
            [],
            provenance
        );
        MetricLines.Print(context.Terminal, result, folder);
        return ExitCode.Done;
    }

    private static string Named(string path)
    {
        using var stream = File.OpenRead(path);
        return $"{Path.GetFileName(path)} (SHA-256 {Convert.ToHexStringLower(SHA256.HashData(stream))})";
    }
}
