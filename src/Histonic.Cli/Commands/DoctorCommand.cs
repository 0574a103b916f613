using System.CommandLine;
using System.Runtime.InteropServices;

namespace Histonic.Cli.Commands;

/// <summary>doctor: says whether everything that Histonic leans on works here.</summary>
internal static class DoctorCommand
{
    public static Command Create(Terminal terminal) =>
        new Command("doctor", "Checks this machine and says what to do about each fault.").Runs(
            terminal,
            (context, _) =>
            {
                context.Terminal.Result($"system  {RuntimeInformation.OSDescription}");
                return ExitCode.Done;
            }
        );
}
