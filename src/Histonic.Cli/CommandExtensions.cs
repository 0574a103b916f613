using System.CommandLine;

namespace Histonic.Cli;

/// <summary>How a command gets its action.</summary>
internal static class CommandExtensions
{
    /// <summary>Lets a command run.</summary>
    /// <param name="command">The command.</param>
    /// <param name="terminal">Where it prints.</param>
    /// <param name="run">Does the work off the caller's thread; returns one of <see cref="ExitCode"/>.</param>
    public static Command Runs(
        this Command command,
        Terminal terminal,
        Func<CommandContext, CancellationToken, int> run
    )
    {
        command.SetAction(
            (parsed, cancellationToken) =>
                FirstThread.Run(() => run(new CommandContext(parsed, terminal), cancellationToken))
        );
        return command;
    }

    /// <summary>A description closed by examples, as --help shows it.</summary>
    public static string WithExamples(this string description, params string[] examples) =>
        $"{description}\n\nExamples:\n{string.Join('\n', examples.Select(example => $"  histonic {example}"))}";
}
