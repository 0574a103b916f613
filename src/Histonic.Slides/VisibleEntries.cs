namespace Histonic.Slides;

/// <summary>
/// Files and folders as a user sees them. Hidden are those whose names begin with a point: ._NAME, which macOS leaves beside each file on a disk of another
/// system, Jupyter's .ipynb_checkpoints, a snapshot's folder.
/// </summary>
public static class VisibleEntries
{
    private const int DeepestFolder = 16; // links may lead in a circle

    /// <summary>The files of a folder that are not hidden, nor in a hidden folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="nested">Whether those of its subfolders are taken too.</param>
    /// <param name="skipInaccessible">Whether what may not be listed is passed over, such as lost+found.</param>
    /// <returns>Paths, in ordinal order.</returns>
    /// <exception cref="IOException">The folder cannot be listed.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be listed.</exception>
    public static IEnumerable<string> Files(string folder, bool nested = false, bool skipInaccessible = false) =>
        Directory
            .EnumerateFiles(folder, "*", Options(nested, skipInaccessible))
            .Where(IsVisible)
            .Order(StringComparer.Ordinal);

    /// <summary>The folders in a folder that are not hidden.</summary>
    /// <returns>Paths, in ordinal order.</returns>
    /// <exception cref="IOException">The folder cannot be listed.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be listed.</exception>
    public static IEnumerable<string> Folders(string folder) =>
        Directory
            .EnumerateDirectories(folder, "*", Options(nested: false, skipInaccessible: false))
            .Where(IsVisible)
            .Order(StringComparer.Ordinal);

    private static EnumerationOptions Options(bool nested, bool skipInaccessible) =>
        new()
        {
            RecurseSubdirectories = nested,
            MaxRecursionDepth = DeepestFolder,
            AttributesToSkip = FileAttributes.Hidden, // on Unix the names that begin with a point
            IgnoreInaccessible = skipInaccessible,
        };

    private static bool IsVisible(string path) => !Path.GetFileName(path).StartsWith('.');
}
