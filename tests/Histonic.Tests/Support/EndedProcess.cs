using System.Diagnostics;

namespace Histonic.Tests.Support;

/// <summary>A process that was there and is gone.</summary>
internal static class EndedProcess
{
    /// <summary>Starts one, and waits for its end.</summary>
    /// <returns>Its id.</returns>
    public static int Make()
    {
        using var process = Process.Start(
            new ProcessStartInfo("dotnet", "--version") { RedirectStandardOutput = true, UseShellExecute = false }
        )!;
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.Id;
    }
}
