using System.Globalization;

namespace Histonic.Slides;

/// <summary>Writes files that are either whole or not there.</summary>
public static class AtomicFile
{
    private const string Extension = ".partial";
    private static int _count;

    /// <summary>Lets <paramref name="write"/> fill a file beside the target, then puts it in the target's place.</summary>
    /// <param name="path">The file that comes to be; its folder is made when it is missing.</param>
    /// <param name="write">Fills the file whose path it is given. When it throws, nothing stays behind.</param>
    /// <exception cref="InputException">The folder cannot be made or written.</exception>
    public static void Write(string path, Action<string> write)
    {
        var partial = PartialOf(path);
        try
        {
            if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder)
                Directory.CreateDirectory(folder);
            write(partial);
            File.Move(partial, path, overwrite: true);
        }
        catch (Exception error) when (error is UnauthorizedAccessException or IOException)
        {
            throw NotWritten(path, error);
        }
        finally
        {
            if (File.Exists(partial))
                File.Delete(partial);
        }
    }

    /// <summary>Writes text (UTF-8, no byte order mark) as a whole file.</summary>
    /// <param name="path">The file that comes to be.</param>
    /// <param name="text">What it holds.</param>
    public static void WriteText(string path, string text) => Write(path, partial => File.WriteAllText(partial, text));

    /// <summary>A new name beside a file, under which it is written: PATH.PROCESS-NUMBER.partial.</summary>
    /// <remarks>It tells the process, so that what a killed one left behind can be told from what is being written.</remarks>
    public static string PartialOf(string path) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{path}.{ProcessToken.Current}-{Interlocked.Increment(ref _count)}{Extension}"
        );

    /// <summary>Whether a path is a name of <see cref="PartialOf"/>.</summary>
    /// <param name="partial">The path.</param>
    /// <param name="path">The file that was to be.</param>
    /// <param name="writer">Who writes or wrote it.</param>
    public static bool IsPartial(string partial, out string path, out ProcessToken writer)
    {
        (path, writer) = ("", ProcessToken.Current);
        if (!partial.EndsWith(Extension, StringComparison.Ordinal))
            return false;
        var name = partial[..^Extension.Length];
        var (point, dash) = (name.LastIndexOf('.'), name.LastIndexOf('-'));
        if (point <= 0 || dash < point || ProcessToken.Parse(name[(point + 1)..dash]) is not { } token)
            return false;
        (path, writer) = (name[..point], token);
        return true;
    }

    /// <summary>The error of a file that could not be written.</summary>
    /// <param name="path">The file that was to be.</param>
    /// <param name="error">What the system said.</param>
    public static InputException NotWritten(string path, Exception error) =>
        new(
            path,
            $"cannot be written ({error.Message})",
            DiskFull.Caused(error) ? DiskFull.Remedy : "Choose another place, or make this one writable",
            error
        );
}
