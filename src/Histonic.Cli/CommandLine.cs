using System.CommandLine;
using System.Globalization;
using Histonic.Cli.Commands;
using Histonic.Slides;

namespace Histonic.Cli;

/// <summary>The command line as a whole: parses, runs one command, turns errors into messages and exit codes.</summary>
internal static class CommandLine
{
    /// <summary>Runs one command line.</summary>
    /// <param name="args">The words after "histonic".</param>
    /// <param name="terminal">Where it prints.</param>
    /// <param name="cancellationToken">Stops it, as Ctrl-C does.</param>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public static async Task<int> InvokeAsync(
        string[] args,
        Terminal terminal,
        CancellationToken cancellationToken = default
    )
    {
        CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        var parsed = Root(terminal).Parse(args);
        terminal.Verbose = parsed.GetValue(CommonOptions.Verbose);
        try
        {
            terminal.Quiet = parsed.GetValue(CommonOptions.Quiet);
            terminal.LogTo(parsed.GetValue(CommonOptions.Log));
            return await parsed.InvokeAsync(Settings(terminal), cancellationToken);
        }
        catch (OperationCanceledException)
        {
            terminal.Fail(
                parsed.CommandResult.Command.Name switch
                {
                    "train" =>
                        "cancelled; what was finished is kept: the same command with --resume goes on from there",
                    "compress" or "cohort" or "patches" or "demo" or "experiment" =>
                        "cancelled; what was finished is kept: the same command goes on from there",
                    _ => "cancelled; files that were finished are whole, and no others were left",
                }
            );
            return ExitCode.Cancelled;
        }
        catch (HistonicException error)
        {
            terminal.Fail(error.Message, error);
            return ExitCode.InputAtFault;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            terminal.Fail(error.Message, error);
            return ExitCode.InputAtFault;
        }
        catch (Exception error) when (!terminal.Verbose)
        {
            terminal.Fail(
                $"something went wrong inside ({error.GetType().Name}: {error.Message}). "
                    + "Run it again with --verbose and report what it shows."
            );
            return ExitCode.InputAtFault;
        }
        finally
        {
            terminal.Dispose();
        }
    }

    /// <summary>Runs one command line as a step of another command, which handles its errors.</summary>
    /// <param name="args">The words after "histonic".</param>
    /// <param name="terminal">Where it prints.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public static Task<int> InvokeStepAsync(
        IReadOnlyList<string> args,
        Terminal terminal,
        CancellationToken cancellationToken
    ) => Root(terminal).Parse(args).InvokeAsync(Settings(terminal), cancellationToken);

    /// <summary>The command line with all its commands.</summary>
    internal static RootCommand Root(Terminal terminal)
    {
        var root = new RootCommand(
            "Histonic: whole-slide images become small grids of embeddings; predictors learn slide-level targets from them."
        );
        foreach (var option in CommonOptions.All)
            root.Options.Add(option);
        foreach (var command in All(terminal))
            root.Subcommands.Add(command);
        return root;
    }

    private static InvocationConfiguration Settings(Terminal terminal) =>
        new()
        {
            EnableDefaultExceptionHandler = false,
            Output = terminal.Out,
            Error = terminal.Error,
            ProcessTerminationTimeout = TimeSpan.FromSeconds(30),
        };

    private static IEnumerable<Command> All(Terminal terminal) =>
        [
            // in the order of the data flow
            InfoCommand.Create(terminal),
            TissueCommand.Create(terminal),
            PatchesCommand.Create(terminal),
            EncoderCommand.Create(terminal),
            CompressCommand.Create(terminal),
            CompressPatchesCommand.Create(terminal),
            ConvertCommand.Create(terminal),
            TrainCommand.Create(terminal),
            PredictCommand.Create(terminal),
            EvaluateCommand.Create(terminal),
            ExplainCommand.Create(terminal),
            ViewCommand.Create(terminal),
            ExperimentCommand.Create(terminal),
            SynthCommand.Create(terminal),
            DatasetCommand.Create(terminal),
            DemoCommand.Create(terminal),
            DoctorCommand.Create(terminal),
        ];
}
