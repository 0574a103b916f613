using System.Diagnostics;

namespace Histonic.EndToEndTests;

/// <summary>The built program, run as a user runs it: a process of its own.</summary>
internal static class HistonicProcess
{
    /// <summary>Gets the program's file.</summary>
    public static string Program { get; } = Path.Combine(AppContext.BaseDirectory, "histonic");

    /// <summary>Runs "histonic WORDS" to its end.</summary>
    public static Task<(int Exit, string Results, string Messages)> RunAsync(params string[] words) =>
        RunProgramAsync(Program, words);

    /// <summary>Runs any program to its end.</summary>
    public static async Task<(int Exit, string Results, string Messages)> RunProgramAsync(
        string program,
        params string[] words
    )
    {
        using var process = StartProgram(program, words);
        return await EndAsync(process);
    }

    /// <summary>Starts "histonic WORDS".</summary>
    public static Process Start(params string[] words) => StartProgram(Program, words);

    /// <summary>Waits for the end of a process.</summary>
    public static async Task<(int Exit, string Results, string Messages)> EndAsync(Process process)
    {
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

    /// <summary>Starts any program.</summary>
    public static Process StartProgram(string program, params string[] words) =>
        Process.Start(
            new ProcessStartInfo(program, words)
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                UseShellExecute = false,
            }
        )!;
}
