using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Histonic.Slides;

namespace Histonic.Cli.Commands;

/// <summary>demo: the main job on a synthetic cohort, as the very commands a user would type, then one page over all of it.</summary>
internal static class DemoCommand
{
    private static readonly Option<string?> _out = new("--out")
    {
        Description = "Where everything goes. Default: histonic-demo, or histonic-demo-standard.",
    };

    private static readonly Option<string> _size = new("--size")
    {
        Description = "quick (under 3 minutes on 2 cores) or standard (under 15).",
        DefaultValueFactory = _ => "quick",
    };

    static DemoCommand() => _size.AcceptOnlyFromAmong("quick", "standard");

    public static Command Create(Terminal terminal) =>
        new Command(
            "demo",
            "Makes a synthetic cohort, compresses it, cross-validates three predictors, explains them and writes report.html.".WithExamples(
                "demo",
                "demo --size standard --out /data/histonic-demo"
            )
        )
        {
            _out,
            _size,
        }.Runs(terminal, Run);

    private static int Run(CommandContext context, CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        var quick = string.Equals(context.Get(_size), "quick", StringComparison.Ordinal);
        var plan = quick ? DemoPlan.Quick : DemoPlan.Standard;
        var folder = context.Get(_out) ?? (quick ? "histonic-demo" : "histonic-demo-standard");
        DropRuns(folder);
        foreach (var step in plan.Steps(folder))
        {
            string[] words = [.. step, .. Common(context)];
            context.Terminal.Note($"$ histonic {string.Join(' ', words)}");
            var exit = CommandLine.InvokeStepAsync(words, context.Terminal, cancellationToken).GetAwaiter().GetResult();
            if (exit != ExitCode.Done)
                return exit;
        }

        context.Terminal.Note("explain and report");
        var report = DemoReport.Write(folder, plan, context, cancellationToken);
        context.Terminal.Result(
            string.Create(
                CultureInfo.InvariantCulture,
                $"done in {Stopwatch.GetElapsedTime(start).TotalSeconds:0} s; open {Path.GetFullPath(report)}"
            )
        );
        return ExitCode.Done;
    }

    /// <summary>Slides and grids of an earlier demo are taken up again; its runs are made anew.</summary>
    private static void DropRuns(string folder)
    {
        var runs = Path.Combine(folder, "runs");
        try
        {
            if (Directory.Exists(runs))
                Directory.Delete(runs, recursive: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputException(runs, $"cannot be replaced ({error.Message})", "Give another --out", error);
        }
    }

    private static string[] Common(CommandContext context) =>
        [
            "--seed",
            context.Seed.Value.ToString(CultureInfo.InvariantCulture),
            "--threads",
            context.Threads.ToString(CultureInfo.InvariantCulture),
            "--device",
            context.Device,
        ];
}
