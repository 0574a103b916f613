using System.CommandLine;
using System.Text.RegularExpressions;
using Histonic.Cli;
using Histonic.Tests.Support;

namespace Histonic.Tests.Cli;

/// <summary>What the documentation and --help tell to type is understood; whether its files exist is another matter.</summary>
public sealed partial class DocumentedCommandsTests
{
    private static readonly RootCommand _root = CommandLine.Root(new Terminal(TextWriter.Null, TextWriter.Null, false));

    private const RegexOptions Options =
        RegexOptions.Multiline | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture;

    private static readonly string[] _folders = [".", "docs", "docs/adr", "docs/results", "docs/pictures", "models"];

    [Fact]
    public void Command_lines_of_the_documentation_are_understood()
    {
        var (faults, lines) = (new List<string>(), 0);
        foreach (var path in Pages())
        {
            // an open line of a block goes on behind its backslash
            var text = File.ReadAllText(path).Replace("\\\n", " ", StringComparison.Ordinal);
            foreach (Match block in Block().Matches(text))
            {
                foreach (Match line in Line().Matches(block.Value))
                {
                    lines++;
                    Check(path, line.Groups["words"].Value, partly: false, faults);
                }
            }

            // in running text a command may stand for all that begin so; what it names must exist
            foreach (Match span in Span().Matches(Block().Replace(text, "")))
            {
                lines++;
                Check(path, span.Groups["words"].Value, partly: true, faults);
            }
        }

        Assert.True(faults.Count == 0, string.Join(Environment.NewLine, faults));
        Assert.InRange(lines, 60, int.MaxValue);
    }

    [Fact]
    public void Examples_of_help_are_understood()
    {
        var (faults, lines) = (new List<string>(), 0);
        foreach (var command in Commands(_root))
        {
            foreach (Match line in Line().Matches(command.Description ?? ""))
            {
                lines++;
                Check(command.Name, line.Groups["words"].Value, partly: false, faults);
            }
        }

        Assert.True(faults.Count == 0, string.Join(Environment.NewLine, faults));
        Assert.InRange(lines, 40, int.MaxValue);
    }

    private static void Check(string where, string line, bool partly, List<string> faults)
    {
        var words = Comment().Replace(line, "").Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
        // COMMAND, NAME, DIR|FILE: to be replaced by the reader
        if (
            words.Any(word =>
                word.IndexOfAny(['…', '|']) >= 0 || (word.Length > 3 && word.All(char.IsAsciiLetterUpper))
            )
        )
            return;
        faults.AddRange(
            _root
                .Parse(words)
                .Errors.Select(error => error.Message)
                .Where(message => !partly || message.StartsWith("Unrecognized", StringComparison.Ordinal))
                .Select(message => $"{where}: histonic {line}: {message}")
        );
    }

    private static IEnumerable<string> Pages() =>
        _folders.SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.md"));

    private static IEnumerable<Command> Commands(Command command) =>
        [command, .. command.Subcommands.SelectMany(Commands)];

    [GeneratedRegex("^```.*?^```", Options | RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex("^ *histonic (?<words>.+)$", Options)]
    private static partial Regex Line();

    [GeneratedRegex("`histonic (?<words>[^`]+)`", Options)]
    private static partial Regex Span();

    [GeneratedRegex(@"\s#.*", Options)]
    private static partial Regex Comment();
}
