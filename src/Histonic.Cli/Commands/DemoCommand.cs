using System.CommandLine;
using System.Diagnostics;
using System.Globalization;

namespace Histonic.Cli.Commands;

/// <summary>demo: the main job on a synthetic cohort, as the very commands a user would type.</summary>
internal static class DemoCommand
{
    private static readonly Option<DirectoryInfo> _out = new("--out")
    {
        Description = "Where everything goes.",
        DefaultValueFactory = _ => new DirectoryInfo("histonic-demo"),
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
        var folder = context.Get(_out).FullName;
        var plan = string.Equals(context.Get(_size), "quick", StringComparison.Ordinal) ? DemoPlan.Quick : DemoPlan.Standard;
        foreach (var step in plan.Steps(folder))
        {
            cancellationToken.ThrowIfCancellationRequested();
            context.Terminal.Note($"$ histonic {string.Join(' ', step)}");
            var exit = CommandLine.RunStep([.. step, .. Common(context)], context.Terminal, cancellationToken);
            if (exit != ExitCode.Done)
                return exit;
        }

        context.Terminal.Result($"done in {Stopwatch.GetElapsedTime(start).TotalSeconds:0} s");
        return ExitCode.Done;
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
