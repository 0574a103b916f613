using System.CommandLine;

namespace Histonic.Cli.Commands;

/// <summary>encoder: everything about patch encoders.</summary>
internal static class EncoderCommand
{
    public static Command Create(Terminal terminal)
    {
        var command = new Command("encoder", "Trains patch encoders.");
        command.Subcommands.Add(EncoderTrainCommand.Create(terminal));
        return command;
    }
}
