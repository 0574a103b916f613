using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;

namespace Histonic.Slides.Reading.OpenSlide;

/// <summary>OpenSlide's C interface, where that library is installed (3.4.1 or newer); nothing else needs it.</summary>
/// <remarks>The environment variable HISTONIC_OPENSLIDE gives the library's file instead, or "none" to go without it.</remarks>
public static partial class OpenSlideLibrary
{
    private const string Library = "openslide";
    private const string Variable = "HISTONIC_OPENSLIDE";

    private static readonly string[] _names =
        OperatingSystem.IsWindows() ? ["libopenslide-1.dll", "libopenslide-0.dll", "openslide.dll"]
        : OperatingSystem.IsMacOS()
            ?
            [
                "libopenslide.1.dylib",
                "/opt/homebrew/lib/libopenslide.1.dylib",
                "/usr/local/lib/libopenslide.1.dylib",
                "libopenslide.0.dylib",
                "/opt/homebrew/lib/libopenslide.0.dylib",
                "/usr/local/lib/libopenslide.0.dylib",
            ]
        : ["libopenslide.so.1", "libopenslide.so.0"];

    private static readonly Lazy<nint> _library = new(Load);

    static OpenSlideLibrary() => NativeLibrary.SetDllImportResolver(typeof(OpenSlideLibrary).Assembly, Resolve);

    /// <summary>Gets whether the library can be loaded.</summary>
    public static bool IsInstalled => _library.Value != 0;

    /// <summary>Gets the library's version, such as "3.4.1"; null where it is not installed.</summary>
    public static string? Version => IsInstalled ? Marshal.PtrToStringUTF8(GetVersion()) : null;

    /// <summary>Gets why its pixels cannot be trusted, as a sentence without a full stop; null where they can.</summary>
    public static string? Fault => IsInstalled ? FaultOf(PixmanVersion()) : null;

    /// <summary>Gets how a <see cref="Fault"/> is mended.</summary>
    public static string FaultRemedy =>
        "Update libpixman to 0.40 or newer (apt install libpixman-1-0, conda install 'pixman>=0.40')";

    /// <summary>Gets how to install it on this system, as a sentence without a full stop.</summary>
    public static string InstallHint { get; } =
        OperatingSystem.IsWindows()
            ? "Download OpenSlide from https://openslide.org/download and put its folder bin on the PATH"
        : OperatingSystem.IsMacOS() ? "Install OpenSlide: brew install openslide"
        : "Install OpenSlide: apt install libopenslide0 (on newer systems libopenslide1), or dnf install openslide";

    /// <summary>What is wrong with a version of pixman (major · 10,000 + minor · 100 + micro), by which OpenSlide lays its tiles.</summary>
    /// <remarks>0.38 draws black or garbled boxes without an error (OpenSlide's issue 278, CLAM's 13, 71, 86, 177).</remarks>
    internal static string? FaultOf(int? pixman) =>
        pixman is >= 3800 and < 3900
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"libpixman 0.38.{pixman % 100}, by which OpenSlide lays tiles, draws black or garbled boxes"
            )
            : null;

    [LibraryImport(Library, EntryPoint = "openslide_get_version")]
    internal static partial nint GetVersion();

    [LibraryImport(Library, EntryPoint = "openslide_open", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial OpenSlideHandle Open(string path);

    [LibraryImport(Library, EntryPoint = "openslide_close")]
    internal static partial void Close(nint slide);

    /// <summary>Why the slide can no longer be read, as UTF-8; 0 while it can.</summary>
    [LibraryImport(Library, EntryPoint = "openslide_get_error")]
    internal static partial nint GetError(OpenSlideHandle slide);

    [LibraryImport(Library, EntryPoint = "openslide_get_level_count")]
    internal static partial int GetLevelCount(OpenSlideHandle slide);

    [LibraryImport(Library, EntryPoint = "openslide_get_level_dimensions")]
    internal static partial void GetLevelDimensions(OpenSlideHandle slide, int level, out long width, out long height);

    [LibraryImport(Library, EntryPoint = "openslide_get_level_downsample")]
    internal static partial double GetLevelDownsample(OpenSlideHandle slide, int level);

    [LibraryImport(Library, EntryPoint = "openslide_get_property_value", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial nint GetProperty(OpenSlideHandle slide, string name);

    /// <summary>The names of associated images: pointers to UTF-8, the last one 0.</summary>
    [LibraryImport(Library, EntryPoint = "openslide_get_associated_image_names")]
    internal static partial nint GetAssociatedNames(OpenSlideHandle slide);

    [LibraryImport(
        Library,
        EntryPoint = "openslide_get_associated_image_dimensions",
        StringMarshalling = StringMarshalling.Utf8
    )]
    internal static partial void GetAssociatedDimensions(
        OpenSlideHandle slide,
        string name,
        out long width,
        out long height
    );

    [LibraryImport(Library, EntryPoint = "openslide_read_associated_image", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial void ReadAssociated(OpenSlideHandle slide, string name, uint[] argb);

    /// <summary>Reads premultiplied ARGB; x and y in pixels of level 0, width and height in pixels of the level.</summary>
    [LibraryImport(Library, EntryPoint = "openslide_read_region")]
    internal static partial void ReadRegion(
        OpenSlideHandle slide,
        uint[] argb,
        long x,
        long y,
        int level,
        long width,
        long height
    );

    /// <summary>The version of the pixman that OpenSlide uses; null where it is not a library of its own.</summary>
    private static unsafe int? PixmanVersion() =>
        OperatingSystem.IsLinux()
        && NativeLibrary.TryLoad("libpixman-1.so.0", out var pixman)
        && NativeLibrary.TryGetExport(pixman, "pixman_version", out var version)
            ? ((delegate* unmanaged<int>)version)()
            : null;

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path) =>
        string.Equals(name, Library, StringComparison.Ordinal) ? _library.Value : 0;

    private static nint Load()
    {
        var given = Environment.GetEnvironmentVariable(Variable);
        if (string.Equals(given, "none", StringComparison.OrdinalIgnoreCase))
            return 0;
        foreach (var name in string.IsNullOrEmpty(given) ? _names : [given])
        {
            if (NativeLibrary.TryLoad(name, out var library))
                return library;
        }

        return 0;
    }
}
