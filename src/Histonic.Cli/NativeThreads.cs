using System.Runtime.InteropServices;

namespace Histonic.Cli;

/// <summary>Settings of the OpenMP threads that libtorch computes with.</summary>
internal static partial class NativeThreads
{
    /// <summary>
    /// Lets idle threads sleep after a short while of waiting (GNU OpenMP lets them spin). On a machine that others use too, a training step
    /// of 64 patches took 2.4 to 3.1 s with spinning threads and 0.7 s without. An OMP_WAIT_POLICY or GOMP_SPINCOUNT of the
    /// user's own is kept.
    /// </summary>
    public static void SleepWhenIdle()
    {
        if (
            !OperatingSystem.IsLinux()
            || Environment.GetEnvironmentVariable("OMP_WAIT_POLICY") is not null
            || Environment.GetEnvironmentVariable("GOMP_SPINCOUNT") is not null
        )
        {
            return;
        }

        try
        {
            // .NET keeps a copy of the environment: what native libraries see has to be set natively
            _ = SetEnvironment("GOMP_SPINCOUNT", "1000", 0);
        }
        catch (Exception error) when (error is DllNotFoundException or EntryPointNotFoundException)
        {
            // slower beside others, but right
        }
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetEnvironment(string name, string value, int overwrite);
}
