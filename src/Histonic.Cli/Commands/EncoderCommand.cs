using System.CommandLine;

namespace Histonic.Cli.Commands;

/// <summary>encoder: everything about patch encoders, one file a subcommand.</summary>
internal static class EncoderCommand
{
    public static Command Create(Terminal terminal) =>
        new("encoder", "Patch encoders: lists them, trains them, measures them, imports them from other files.")
        {
            EncoderListCommand.Create(terminal),
            EncoderTrainCommand.Create(terminal),
            EncoderEvaluateCommand.Create(terminal),
            EncoderImportCommand.Create(terminal),
        };
}
