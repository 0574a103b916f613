using Histonic.Slides.Reading;

namespace Histonic.Slides.Cohorts;

/// <summary>A folder of slides, found by their names.</summary>
public sealed class SlideFolder
{
    private readonly Dictionary<string, string> _paths;

    private SlideFolder(string folder, Dictionary<string, string> paths) => (Folder, _paths) = (folder, paths);

    /// <summary>Gets the folder.</summary>
    public string Folder { get; }

    /// <summary>Looks for the slides that lie in a folder; of two of one name the first in the order of file names counts.</summary>
    /// <exception cref="InputException">The folder does not exist.</exception>
    public static SlideFolder Open(string folder)
    {
        if (!Directory.Exists(folder))
            throw new InputException(folder, "is no folder", "Give the folder of the slides as --slides");
        return new SlideFolder(
            folder,
            Directory
                .EnumerateFiles(folder)
                .Where(file =>
                    SlideReader.Extensions.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase)
                )
                .Order(StringComparer.Ordinal)
                .GroupBy(SlideName.Of, StringComparer.Ordinal)
                .ToDictionary(group => group.Key, group => group.First(), StringComparer.Ordinal)
        );
    }

    /// <summary>The path of a slide; null where there is none of that name.</summary>
    /// <param name="name">The slide's name, without folder and extension.</param>
    public string? Find(string name) => _paths.GetValueOrDefault(name);
}
