namespace Histonic.Slides.Grids;

/// <summary>A folder of compressed slides: one SLIDE.h5 each.</summary>
public sealed class FeatureFolder
{
    private readonly SortedDictionary<string, string> _files;

    private FeatureFolder(string folder, SortedDictionary<string, string> files) => (Folder, _files) = (folder, files);

    /// <summary>Gets the folder, or the one file, as it was given.</summary>
    public string Folder { get; }

    /// <summary>Gets the names of the slides, in order.</summary>
    public IReadOnlyCollection<string> Slides => _files.Keys;

    /// <summary>Lists a folder. A single compressed slide is taken for a folder that holds nothing else.</summary>
    /// <param name="folder">The folder, or one .h5 file. Hidden files (._NAME of macOS) are passed over.</param>
    /// <exception cref="InputException">It does not exist, or holds no .h5 file.</exception>
    public static FeatureFolder Open(string folder)
    {
        var files = new SortedDictionary<string, string>(StringComparer.Ordinal);
        if (File.Exists(folder) && IsNamedSo(folder))
        {
            files.Add(Path.GetFileNameWithoutExtension(folder), folder);
            return new FeatureFolder(folder, files);
        }

        if (!Directory.Exists(folder))
            throw new InputException(
                folder,
                File.Exists(folder) ? "is no compressed slide (.h5)" : "does not exist",
                "Give the folder that compress wrote, or a file in it"
            );
        foreach (var path in VisibleEntries.Files(folder).Where(IsNamedSo))
            files.Add(Path.GetFileNameWithoutExtension(path), path);

        return files.Count > 0
            ? new FeatureFolder(folder, files)
            : throw new InputException(
                folder,
                "holds no compressed slides (.h5)",
                "Make them with 'histonic compress', or from other programs' files with 'histonic convert'"
            );
    }

    /// <summary>Whether a file's name is that of a compressed slide.</summary>
    public static bool IsNamedSo(string path) =>
        string.Equals(Path.GetExtension(path), ".h5", StringComparison.Ordinal);

    /// <summary>Whether there is such a slide.</summary>
    public bool Contains(string slide) => _files.ContainsKey(slide);

    /// <summary>The file of a slide that is there.</summary>
    public string PathOf(string slide) => _files[slide];

    /// <summary>Reads a slide that is there.</summary>
    /// <exception cref="InputException">The file is damaged.</exception>
    public CompressedSlide Read(string slide) => CompressedSlideFile.Read(_files[slide]) with { Slide = slide };

    /// <summary>Opens a slide that is there, for one who uses it and goes on: what is kept of it goes when it does.</summary>
    /// <exception cref="InputException">The file is damaged.</exception>
    public SlideGrid Grid(string slide) => Grid(slide, new EmbeddingCache(EmbeddingCache.DefaultBudget));

    /// <summary>Opens a slide that is there, without reading its embeddings yet.</summary>
    /// <param name="slide">Its name.</param>
    /// <param name="cache">Keeps them once they are read.</param>
    /// <exception cref="InputException">The file is damaged.</exception>
    public SlideGrid Grid(string slide, EmbeddingCache cache) =>
        SlideGrid.Open(_files[slide], cache) with
        {
            Slide = slide,
        };
}
