namespace Histonic.Slides;

/// <summary>Writes files that are either whole or not there.</summary>
public static class AtomicFile
{
    /// <summary>Lets <paramref name="write"/> fill a file beside the target, then puts it in the target's place.</summary>
    /// <param name="path">The file that comes to be; its folder is made when it is missing.</param>
    /// <param name="write">Fills the file whose path it is given. When it throws, nothing stays behind.</param>
    /// <exception cref="InputException">The folder cannot be made or written.</exception>
    public static void Write(string path, Action<string> write)
    {
        var partial = $"{path}.{Environment.ProcessId}.partial";
        try
        {
            if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder)
                Directory.CreateDirectory(folder);
            write(partial);
            File.Move(partial, path, overwrite: true);
        }
        catch (Exception error) when (error is UnauthorizedAccessException or IOException)
        {
            throw new InputException(path, $"cannot be written ({error.Message})", "Choose another place", error);
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
}
