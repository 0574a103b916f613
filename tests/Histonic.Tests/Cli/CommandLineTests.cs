using Histonic.Cli;

namespace Histonic.Tests.Cli;

public sealed class CommandLineTests
{
    [Theory]
    [InlineData("doctor --threads 0", ExitCode.WrongUsage, "--threads must be from 1 to 1024")]
    [InlineData("doctor --device tpu", ExitCode.WrongUsage, "cpu")]
    [InlineData("docter", ExitCode.WrongUsage, "docter")]
    public async Task Wrong_usage_is_told_with_exit_code_1(string line, int code, string told)
    {
        var (exit, _, messages) = await Run(line);

        Assert.Equal(code, exit);
        Assert.Contains(told, messages, StringComparison.Ordinal);
    }

    internal static async Task<(int Exit, string Results, string Messages)> Run(string line)
    {
        using StringWriter results = new(),
            messages = new();
        List<string> words = [.. line.Split(' ')];
        // a command sets libtorch's threads for the whole process, in which other tests compare trainings to the last digit
        if (words[0] is "train" or "predict" or "explain" or "experiment" or "encoder" && !words.Contains("--threads"))
            words.AddRange(["--threads", "1"]);
        var exit = await CommandLine.InvokeAsync(
            [.. words],
            new Terminal(results, messages, interactive: false),
            TestContext.Current.CancellationToken
        );
        return (exit, results.ToString(), messages.ToString());
    }
}
