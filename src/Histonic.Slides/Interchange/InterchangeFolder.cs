namespace Histonic.Slides.Interchange;

/// <summary>The files of embeddings in a folder of some program.</summary>
public static class InterchangeFolder
{
    /// <summary>Lists them.</summary>
    /// <param name="path">A file, which is taken as it is, or a folder: its .h5 and .npy files, or those of the h5_files in it (CLAM).</param>
    /// <returns>The files in order of their names; distance maps are left out.</returns>
    /// <exception cref="InputException">The folder holds none.</exception>
    public static IReadOnlyList<string> Files(string path)
    {
        if (!Directory.Exists(path))
            return [path];
        var clam = Path.Combine(path, "h5_files");
        var files = Directory
            .EnumerateFiles(Directory.Exists(clam) ? clam : path)
            .Where(file =>
                Path.GetExtension(file) is ".h5" or ".npy"
                && !file.EndsWith("_distance_map.npy", StringComparison.Ordinal)
            )
            .Order(StringComparer.Ordinal)
            .ToList();
        return files.Count > 0
            ? files
            : throw new InputException(
                path,
                "holds no .h5 or .npy files",
                "Give the folder of the features: CLAM's h5_files, TRIDENT's features_…, or STAMP's extractor folder"
            );
    }
}
