using System.Diagnostics;

namespace Histonic.EndToEndTests;

/// <summary>The built program, run as a user runs it: a process of its own.</summary>
internal static class HistonicProcess
{
    /// <summary>Runs "histonic WORDS" to its end.</summary>
    public static async Task<(int Exit, string Results, string Messages)> RunAsync(params string[] words)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "histonic"), words)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        using var process = Process.Start(start)!;
        var results = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var messages = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await results, await messages);
    }

    /// <summary>Runs "histonic WORDS", which must end with exit code 0.</summary>
    /// <returns>What it printed as results.</returns>
    public static async Task<string> SucceedAsync(params string[] words)
    {
        var (exit, results, messages) = await RunAsync(words);
        Assert.True(exit == 0, $"histonic {string.Join(' ', words)} ended with {exit}:\n{messages}");
        return results;
    }
}
