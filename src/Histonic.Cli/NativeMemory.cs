using System.Runtime.InteropServices;

namespace Histonic.Cli;

/// <summary>Settings of glibc's allocator.</summary>
internal static partial class NativeMemory
{
    private const int TrimThreshold = -1;
    private const int TopPad = -2;
    private const int MmapMax = -4;

    /// <summary>Keeps freed large blocks for the next step, which trains 2.5 times as fast with batches of 256.</summary>
    public static void KeepLargeBlocks() => Set(mmapMax: 0, trimThreshold: int.MaxValue, topPad: 64 << 20);

    /// <summary>Gives freed blocks of 128 kB and more back to the system at once: glibc's settings before it adapts them.</summary>
    /// <remarks>
    /// Pixels that stream through a slide otherwise leave holes of many sizes: compressing 900 megapixels peaked at 0.7 to 0.8 GB,
    /// and at 0.4 GB with this, for a tenth more processor time.
    /// </remarks>
    public static void ReturnLargeBlocks() => Set(mmapMax: 65_536, trimThreshold: 128 << 10, topPad: 0);

    private static void Set(int mmapMax, int trimThreshold, int topPad)
    {
        if (!OperatingSystem.IsLinux())
            return;
        try
        {
            _ = Mallopt(MmapMax, mmapMax);
            _ = Mallopt(TrimThreshold, trimThreshold);
            _ = Mallopt(TopPad, topPad);
        }
        catch (Exception error) when (error is DllNotFoundException or EntryPointNotFoundException)
        {
            // musl has no such setting and does not need it
        }
    }

    [LibraryImport("libc", EntryPoint = "mallopt")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Mallopt(int parameter, int value);
}
