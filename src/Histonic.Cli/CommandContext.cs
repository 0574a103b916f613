using System.CommandLine;
using Histonic.Slides;

namespace Histonic.Cli;

/// <summary>What a running command is given: its words, the common options, and where to print.</summary>
/// <param name="Parsed">The words of the command line.</param>
/// <param name="Terminal">Where it prints; also the monitor that libraries tell.</param>
internal sealed record CommandContext(ParseResult Parsed, Terminal Terminal)
{
    public Seed Seed => new(Parsed.GetValue(CommonOptions.Seed));

    public int Threads => Parsed.GetValue(CommonOptions.Threads);

    public string Device => Parsed.GetValue(CommonOptions.Device)!;

    /// <summary>The value of one of the command's own options or arguments.</summary>
    public T Get<T>(Option<T> option) => Parsed.GetValue(option)!;

    /// <inheritdoc cref="Get{T}(Option{T})"/>
    public T Get<T>(Argument<T> argument) => Parsed.GetValue(argument)!;
}
