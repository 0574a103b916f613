namespace Histonic.Slides.Interchange;

/// <summary>The files of embeddings in a folder of some program.</summary>
public static class InterchangeFolder
{
    /// <summary>Lists them.</summary>
    /// <param name="path">
    /// A file, which is taken as it is, or a folder and all in it: CLAM's output, TRIDENT's features_…, STAMP's folder of an
    /// extractor with the slides' own folders below it.
    /// </param>
    /// <returns>
    /// Its .h5 and .npy files in order of their names. Left out: folders of coordinates (patches) and of embeddings of whole slides
    /// (slide_features_…); distance maps; the eight turned grids that stand beside a grid.
    /// </returns>
    /// <exception cref="InputException">The folder holds none, or cannot be listed.</exception>
    public static IReadOnlyList<string> Files(string path)
    {
        if (!Directory.Exists(path))
            return [path];
        List<string> files;
        try
        {
            files =
            [
                .. VisibleEntries
                    .Files(path, nested: true)
                    .Where(file =>
                        Path.GetExtension(file) is ".h5" or ".npy" && !IsLeftOut(Path.GetRelativePath(path, file))
                    ),
            ];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputException(
                path,
                $"cannot be listed ({error.Message.TrimEnd('.')})",
                "Check its permissions",
                error
            );
        }

        return files.Count > 0
            ? files
            : throw new InputException(
                path,
                "holds no .h5 or .npy files of embeddings",
                "Give the folder of the features: CLAM's h5_files, TRIDENT's features_…, or STAMP's extractor folder"
            );
    }

    private static bool IsLeftOut(string file) =>
        file.EndsWith("_distance_map.npy", StringComparison.Ordinal)
        || NpySymmetry.Names.Contains(Path.GetFileName(file), StringComparer.Ordinal)
        || Array.Exists(
            (Path.GetDirectoryName(file) ?? "").Split(Path.DirectorySeparatorChar),
            folder => folder is "patches" || folder.StartsWith("slide_features_", StringComparison.Ordinal)
        );
}
