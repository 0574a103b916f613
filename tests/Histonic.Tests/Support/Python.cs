using System.Diagnostics;

namespace Histonic.Tests.Support;

/// <summary>Debian's Python with h5py, for files as others write them. A test without it is skipped, saying so.</summary>
internal static class Python
{
    private const string Program = "/usr/bin/python3";

    /// <summary>Runs a script of tests/golden.</summary>
    /// <returns>What it printed.</returns>
    public static async Task<string> RunAsync(string script, params string[] arguments)
    {
        Assert.SkipUnless(File.Exists(Program), $"needs {Program} with h5py");
        var start = new ProcessStartInfo(
            Program,
            [Path.Combine(AppContext.BaseDirectory, "golden", script), .. arguments]
        )
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var text = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        var told = await errors;
        Assert.SkipWhen(
            told.Contains("No module named", StringComparison.Ordinal),
            $"needs a module of Python: {told}"
        );
        Assert.True(process.ExitCode == 0, told);
        return text;
    }
}
