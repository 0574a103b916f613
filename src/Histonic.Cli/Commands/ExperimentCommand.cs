using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using Histonic.Learning.Experiments;
using Histonic.Reports.Evaluation;
using Histonic.Reports.Experiments;
using Histonic.Slides;
using Histonic.Slides.Cohorts;

namespace Histonic.Cli.Commands;

/// <summary>experiment: encoders × targets × seeds, compared.</summary>
internal static class ExperimentCommand
{
    private static readonly Argument<string> _file = new("FILE")
    {
        Description = "The experiment as YAML: encoders, slides, labels, targets, seeds (docs/experiments.md).",
    };

    private static readonly Option<string?> _out = new("--out")
    {
        Description = "The experiment's folder. Default: FILE without its extension.",
    };

    private static readonly Option<bool> _dryRun = new("--dry-run")
    {
        Description = "List the cells, which of them are done, and how long the others may take; do nothing.",
    };

    public static Command Create(Terminal terminal) =>
        new Command(
            "experiment",
            "Trains or takes encoders, compresses slides with each, cross-validates predictors of each target on each, and compares them. What is done is kept: the same command goes on, and after a change of the file only what depends on it is done again.".WithExamples(
                "experiment tasks.yaml --dry-run",
                "experiment tasks.yaml --out runs/tasks"
            )
        )
        {
            _file,
            _out,
            _dryRun,
        }.Runs(terminal, Run);

    private static int Run(CommandContext context, CancellationToken cancellationToken)
    {
        NativeMemory.KeepLargeBlocks();
        TorchDevice.Require(context.Device);
        var file = context.Get(_file);
        var folder = context.Get(_out) ?? Path.ChangeExtension(file, null);
        if (string.Equals(Path.GetFullPath(folder), Path.GetFullPath(file), StringComparison.Ordinal))
            throw new OptionException("--out", null, "given for a FILE without an extension");
        var options = ExperimentFile.Read(file);
        var plan = ExperimentPlan.Make(options, folder);
        if (context.Get(_dryRun))
        {
            List(context.Terminal, plan);
            return ExitCode.Done;
        }

        var outcome = new ExperimentRunner(plan, context.Threads, TimeProvider.System, context.Terminal).Run(
            cancellationToken
        );
        var evaluation = new EvaluationOptions
        {
            Seed = context.Seed,
            Resamples = options.Resamples,
            Threads = context.Threads,
        };
        var results = ExperimentResults.Of(
            [.. outcome.Runs.Select(Entry)],
            options.CompareWith,
            evaluation,
            context.Terminal,
            cancellationToken
        );
        (string What, string Why)[] failures = [.. outcome.Failures.Select(Failure)];
        CsvTable.Write(
            Path.Combine(folder, "failures.csv"),
            ["what", "why"],
            failures.Select(failure => (IReadOnlyList<object?>)[failure.What, failure.Why])
        );
        ExperimentTables.Write(folder, results);
        ExperimentPage.Write(
            Path.Combine(folder, "report.html"),
            options.Name,
            results,
            failures,
            Provenance(context, file, options, plan)
        );
        Show(context.Terminal, results, outcome, folder);
        return failures.Length == 0 ? ExitCode.Done
            : results.Scores.Any(score => score.Score is not null) ? ExitCode.DoneInPart
            : ExitCode.InputAtFault;
    }

    private static void List(Terminal terminal, ExperimentPlan plan)
    {
        var estimate = new ExperimentEstimate(plan);
        foreach (var cell in plan.Cells)
            terminal.Result(
                $"{(ExperimentPlan.IsCached(cell) ? "done " : "to do")}  {Word(cell.Stage), -9}  {cell.Label}"
            );
        double all = 0;
        foreach (var stage in plan.Cells.GroupBy(cell => cell.Stage))
        {
            ExperimentCell[] left = [.. stage.Where(cell => !ExperimentPlan.IsCached(cell))];
            var seconds = left.Sum(estimate.Of);
            all += seconds;
            terminal.Result(
                $"{Word(stage.Key)}: {left.Length} of {stage.Count()} to do, about {Duration(seconds)}"
                    + (
                        left.Length == 0 ? ""
                        : estimate.IsMeasured(stage.Key) ? " (as those done)"
                        : " (assumed; none is done)"
                    )
            );
        }

        terminal.Result($"in all about {Duration(all)}");
    }

    private static void Show(Terminal terminal, ExperimentResults results, ExperimentOutcome outcome, string folder)
    {
        foreach (var one in results.Summaries)
        {
            terminal.Result(
                one.Values.Count == 0
                    ? $"{one.Target}, {one.Encoder}: {one.Reason ?? "no figure"}"
                    : string.Create(
                        CultureInfo.InvariantCulture,
                        $"{one.Target}, {one.Encoder}: {one.Metric!.Key} {one.Mean:0.000}{(one.Averaged is { } averaged ? $" (averaged {averaged.Value:0.000}, {averaged.Low:0.000} to {averaged.High:0.000})" : "")}"
                    )
            );
        }

        foreach (var curve in results.Curves)
        {
            if (curve.Rho is { } rho)
                terminal.Result(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{curve.Target}: number of tasks and {curve.Metric.Key}: rho {rho.Value:0.000} ({rho.Low:0.000} to {rho.High:0.000}), {curve.Points.Count} encoders"
                    )
                );
        }

        terminal.Result(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{outcome.Done} cells done now in {Duration(outcome.Elapsed.TotalSeconds)}, {outcome.Cached} were there; open {Path.GetFullPath(Path.Combine(folder, "report.html"))}"
            )
        );
        if (outcome.Failures.Count > 0)
            terminal.Result($"{outcome.Failures.Count} failed: see {Path.Combine(folder, "failures.csv")}");
    }

    private static ExperimentEntry Entry(ExperimentRun run) =>
        new(
            run.Cell.Encoder.Name,
            run.Cell.Encoder.Origin,
            run.Cell.Encoder.Tasks,
            run.Cell.EncoderSeed,
            run.Cell.PredictorSeed!.Value,
            run.Cell.Target!.Name,
            run.Predictions,
            run.Failure,
            run.Folder
        );

    private static (string What, string Why) Failure(ExperimentFailure failure) =>
        (
            $"{Word(failure.Cell.Stage)} of {failure.Cell.Label}{(failure.Slide is { } slide ? $", slide {slide}" : "")}",
            failure.Reason
        );

    private static List<(string Name, string Value)> Provenance(
        CommandContext context,
        string file,
        ExperimentOptions options,
        ExperimentPlan plan
    )
    {
        var bytes = File.ReadAllBytes(file);
        return
        [
            ("Histonic", ProductVersion.Current),
            ("Command", $"histonic experiment {file}"),
            ("Experiment SHA-256", Convert.ToHexStringLower(SHA256.HashData(bytes))),
            ("Encoder seeds", string.Join(", ", options.EncoderSeeds)),
            ("Predictor seeds", string.Join(", ", options.PredictorSeeds)),
            (
                "Predictor",
                FormattableString.Invariant(
                    $"{options.Predictor.Model}, {(options.FoldsFile is { } folds ? $"folds of {folds}" : $"{options.Predictor.Folds} folds")}, {options.Predictor.Epochs} epochs"
                )
            ),
            ("Cells", plan.Cells.Count.ToString(CultureInfo.InvariantCulture)),
            (
                "Seed of the intervals",
                FormattableString.Invariant($"{context.Seed.Value}, {options.Resamples} resamples")
            ),
        ];
    }

    private static string Word(ExperimentStage stage) => stage.ToString().ToLowerInvariant();

    private static string Duration(double seconds) =>
        seconds < 90
            ? string.Create(CultureInfo.InvariantCulture, $"{seconds:0} s")
            : string.Create(CultureInfo.InvariantCulture, $"{seconds / 60:0} min");
}
