using System.Reflection;
using System.Runtime.InteropServices;

namespace Histonic.Cli;

/// <summary>Settings that libtorch and GNU OpenMP read from the environment when they are loaded. Those that the user made are kept.</summary>
internal static partial class NativeEnvironment
{
    /// <summary>Makes the settings; before any native library is loaded.</summary>
    public static void Prepare()
    {
        if (!OperatingSystem.IsLinux())
            return;
        try
        {
            // libtorch warns on standard error, thousands of times a run, of processors that a library of its own does not know
            Set("TORCH_CPP_LOG_LEVEL", "ERROR");
            // Idle threads sleep after a short while of waiting (GNU OpenMP lets them spin). On a machine that others use too, a training step
            // of 64 patches took 2.4 to 3.1 s with spinning threads and 0.7 s without.
            if (Environment.GetEnvironmentVariable("OMP_WAIT_POLICY") is null)
                Set("GOMP_SPINCOUNT", "1000");
        }
        catch (Exception error) when (error is DllNotFoundException or EntryPointNotFoundException)
        {
            // slower beside others, but right
        }

        // not before it is used: commands that do without libtorch load nothing of it
        AppDomain.CurrentDomain.AssemblyLoad += (_, loaded) => WhenTorch(loaded.LoadedAssembly);
        foreach (var assembly in AppDomain.CurrentDomain.GetAssemblies())
            WhenTorch(assembly);
    }

    private static void WhenTorch(Assembly assembly)
    {
        if (assembly.GetName().Name is "TorchSharp")
            ReadLogLevel();
    }

    private static void ReadLogLevel()
    {
        try
        {
            InitLogging();
        }
        catch (Exception error) when (error is DllNotFoundException or EntryPointNotFoundException)
        {
            // less quiet, but right
        }
    }

    /// <summary>.NET keeps a copy of the environment: what native libraries see has to be set natively.</summary>
    private static void Set(string name, string value) => _ = SetEnvironment(name, value, overwrite: 0);

    /// <summary>libtorch's own reading of TORCH_CPP_LOG_LEVEL, which only its Python package calls by itself.</summary>
    [LibraryImport("c10", EntryPoint = "_ZN3c1011initLoggingEv")]
    private static partial void InitLogging();

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetEnvironment(string name, string value, int overwrite);
}
