using System.CommandLine;
using Histonic.Cli.Diagnostics;

namespace Histonic.Cli.Commands;

/// <summary>doctor: says whether everything that Histonic leans on works here.</summary>
internal static class DoctorCommand
{
    public static Command Create(Terminal terminal) =>
        new Command(
            "doctor",
            "Checks this machine: versions, native libraries, processor, GPU, OpenSlide, disk; says what to do about each fault.".WithExamples(
                "doctor"
            )
        ).Runs(terminal, Run);

    private static int Run(CommandContext context, CancellationToken cancellationToken)
    {
        var worst = Verdict.Pass;
        foreach (var (name, check) in MachineChecks.All)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var result = MachineChecks.Run(check);
            worst = (Verdict)Math.Max((int)worst, (int)result.Verdict);
            context.Terminal.Result($"{result.Verdict.ToString().ToUpperInvariant(), -5} {name, -12} {result.Finding}");
            if (result.Remedy is { } remedy)
                context.Terminal.Result($"{"", -18} {remedy}.");
        }

        return worst == Verdict.Fail ? ExitCode.InputAtFault : ExitCode.Done;
    }
}
