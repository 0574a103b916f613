using NetVips;

namespace Histonic.Slides.Reading;

/// <summary>The settings of libvips that the whole process shares.</summary>
internal static class VipsLibrary
{
    // Held here, for vips keeps no reference of its own.
    private static readonly Log.LogDelegate _log = (_, _, message) => TileDamage.Hear(message);

    private static readonly Lazy<bool> _ready = new(() =>
    {
        // vips keeps recent operations by file name: a file that was replaced would be read as it was, and memory would grow.
        Cache.Max = 0;
        Cache.MaxFiles = 0;
        Cache.MaxMem = 0;
        // What vips warns of would go to standard error.
        Log.SetLogHandler("VIPS", Enums.LogLevelFlags.Warning, _log);
        return true;
    });

    /// <summary>Sets libvips up, once.</summary>
    /// <exception cref="InputException">The native library cannot be loaded here.</exception>
    public static void Prepare()
    {
        try
        {
            _ = _ready.Value;
        }
        catch (Exception error)
            when (error is TypeInitializationException or DllNotFoundException or BadImageFormatException)
        {
            throw new InputException(
                "libvips",
                $"cannot be loaded ({error.GetBaseException().Message})",
                "Run 'histonic doctor', which says what is missing",
                error
            );
        }
    }

    /// <summary>The first line of a vips error, without the file's name that our message gives anyway.</summary>
    public static string Reason(VipsException error)
    {
        var lines = error.Message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return lines.Length == 0 ? "no reason given" : lines[^1].TrimEnd('.');
    }
}
