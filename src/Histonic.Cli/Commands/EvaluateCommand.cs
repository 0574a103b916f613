using System.CommandLine;
using System.Security.Cryptography;
using Histonic.Reports.Evaluation;
using Histonic.Reports.Pages;
using Histonic.Slides;
using Histonic.Slides.Cohorts;

namespace Histonic.Cli.Commands;

/// <summary>evaluate: how good predictions are, from anywhere.</summary>
internal static class EvaluateCommand
{
    private static readonly Option<string?> _predictions = new("--predictions")
    {
        Description =
            "A CSV file: slide, prediction (class, number or risk: higher = sooner), optionally patient, fold, split, "
            + "prediction_CLASS probabilities, and the target columns.",
    };

    private static readonly Option<string[]> _compare = new("--compare")
    {
        Description =
            "Instead of --predictions: two run folders (or predictions.csv files) of one target, tested pairwise on the "
            + "slides that both predicted. --task and the target are taken from the first run where it tells them; of a run of several targets give the name with --target.",
        Arity = new ArgumentArity(2, 2),
        AllowMultipleArgumentsPerToken = true,
        HelpName = "RUN RUN",
    };

    private static readonly Option<string?> _labels = new("--labels")
    {
        Description = "Take the truth (and the patients) from this CSV file instead of the predictions' own columns.",
    };

    private static readonly Option<string> _out = new("--out")
    {
        Description = "The folder that receives metrics.json (or comparison.json) and report.html.",
        Required = true,
    };

    private static readonly Option<int> _resamples = new("--resamples")
    {
        Description = "How many resamples of the patients make an interval.",
        DefaultValueFactory = _ => new EvaluationOptions().Resamples,
    };

    private static readonly Option<double[]> _times = new("--times")
    {
        Description =
            "Survival: the times of the time-dependent AUC, in the unit of --time; the quartiles of the events' times unless given.",
        AllowMultipleArgumentsPerToken = true,
        DefaultValueFactory = _ => [],
    };

    public static Command Create(Terminal terminal) =>
        new Command(
            "evaluate",
            "Scores predictions against the truth: metrics with 95 % intervals, curves and tables. Rows whose split is train or validation are left out.".WithExamples(
                "evaluate --predictions runs/growth/predictions.csv --task classification --target growth --out evaluation",
                "evaluate --predictions theirs.csv --labels labels.csv --task survival --time months --event died --out evaluation",
                "evaluate --predictions runs/all/predictions.csv --target growth:classification --target months,died:survival --out evaluation",
                "evaluate --compare runs/growth runs/growth-bigan --out comparison"
            )
        )
        {
            _predictions,
            _compare,
            TargetOptions.Task,
            TargetOptions.Target,
            TargetOptions.Time,
            TargetOptions.Event,
            _labels,
            SlidePictures.Option,
            _out,
            _resamples,
            _times,
        }.Runs(terminal, Run);

    private static int Run(CommandContext context, CancellationToken cancellationToken)
    {
        var options = new EvaluationOptions
        {
            Seed = context.Seed,
            Resamples = context.Get(_resamples),
            Times = context.Get(_times),
            Threads = context.Threads,
        }.Validated();
        if (context.Get(_compare) is { Length: 2 } runs)
            return Compare(context, runs, options, cancellationToken);
        var predictions =
            context.Get(_predictions)
            ?? throw new OptionException("--predictions", null, "a file, or --compare and two runs");
        var targets = TargetOptions.Of(context);
        var labels = context.Get(_labels);
        var truths = labels is null ? null : LabelTable.Read(labels);
        PredictionTable[] tables = [.. targets.Select(target => PredictionTable.Read(predictions, target, truths))];
        cancellationToken.ThrowIfCancellationRequested();
        List<(string, string)> provenance = [("Predictions", Named(predictions))];
        if (labels is not null)
            provenance.Add(("Labels", Named(labels)));
        provenance.Add(Command(context));
        var folder = context.Get(_out);
        var figures = RunReport.Write(
            folder,
            tables,
            predictions,
            options,
            $"Evaluation of {Path.GetFileName(predictions)}.",
            provenance,
            SlidePictures.Of(context)
        );
        MetricLines.Print(context.Terminal, figures, folder);
        return ExitCode.Done;
    }

    private static int Compare(
        CommandContext context,
        string[] runs,
        EvaluationOptions options,
        CancellationToken cancellationToken
    )
    {
        if (context.Get(_predictions) is { } predictions)
            throw new OptionException("--predictions", predictions, "left out with --compare");
        var files = Array.ConvertAll(
            runs,
            run => Directory.Exists(run) ? Path.Combine(run, RunReport.PredictionsName) : run
        );
        // whatever is said of the target but its name is meant to be used
        var target = TargetOptions.NamesAtMost(context, out var name)
            ? TargetOf(Path.Combine(Path.GetDirectoryName(Path.GetFullPath(files[0]))!, RunReport.MetricsName), name)
            : TargetOptions.OneOf(context);
        var labels = context.Get(_labels) is { } path ? LabelTable.Read(path) : null;
        var tables = Array.ConvertAll(files, file => PredictionTable.Read(file, target, labels));
        cancellationToken.ThrowIfCancellationRequested();
        List<(string, string)> provenance = [.. files.Select(file => ("Predictions", Named(file)))];
        if (labels is not null)
            provenance.Add(("Labels", Named(labels.Path)));
        provenance.Add(Command(context));
        var folder = context.Get(_out);
        var names = Array.ConvertAll(runs, run => Path.TrimEndingDirectorySeparator(run));
        // the last part of a path where that tells them apart
        var last = Array.ConvertAll(names, name => Path.GetFileName(name));
        if (!string.Equals(last[0], last[1], StringComparison.Ordinal))
            names = last;
        var comparison = RunReport.WriteComparison(
            folder,
            tables[0],
            tables[1],
            names[0],
            names[1],
            options,
            provenance
        );
        MetricLines.Print(context.Terminal, comparison, folder);
        return ExitCode.Done;
    }

    private static TargetSpec TargetOf(string metrics, string? name)
    {
        var targets = MetricsFile.ReadTargets(metrics);
        if (name is null && targets is [var one])
            return one;
        return targets.FirstOrDefault(target => string.Equals(target.Name, name, StringComparison.Ordinal))
            ?? throw new OptionException(
                "--target",
                name,
                $"one of {string.Join(", ", targets.Select(target => target.Name))}, which {metrics} tells of"
            );
    }

    private static (string, string) Command(CommandContext context) =>
        ("Command", $"histonic {string.Join(' ', context.Parsed.Tokens.Select(token => token.Value))}");

    private static string Named(string path)
    {
        using var stream = File.OpenRead(path);
        return $"{Path.GetFileName(path)} (SHA-256 {Convert.ToHexStringLower(SHA256.HashData(stream))})";
    }
}
