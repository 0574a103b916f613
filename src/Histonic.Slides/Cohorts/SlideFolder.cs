using Histonic.Slides.Reading;

namespace Histonic.Slides.Cohorts;

/// <summary>A folder of slides, found by their names.</summary>
public sealed class SlideFolder
{
    private readonly Dictionary<string, string> _paths;

    private SlideFolder(string folder, Dictionary<string, string> paths) => (Folder, _paths) = (folder, paths);

    /// <summary>Gets the folder.</summary>
    public string Folder { get; }

    /// <summary>
    /// Looks for the slides that lie in a folder and its subfolders; of several of one name the one that lies least deep counts, then the first in the order of
    /// paths.
    /// </summary>
    /// <exception cref="InputException">The folder does not exist.</exception>
    public static SlideFolder Open(string folder)
    {
        if (!Directory.Exists(folder))
            throw new InputException(folder, "is no folder", "Give the folder of the slides as --slides");
        return new SlideFolder(
            folder,
            Files(folder, nested: true)
                .GroupBy(SlideName.Of, StringComparer.Ordinal)
                .ToDictionary(group => group.Key, group => group.First(), StringComparer.Ordinal)
        );
    }

    /// <summary>The files in a folder that a slide's name may have: those that end as <see cref="SlideReader.Extensions"/> and are not hidden.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="nested">Whether its subfolders are searched as well.</param>
    /// <returns>Paths, the folder's own first, then the deeper the later; on one depth in ordinal order.</returns>
    /// <remarks>Subfolders that may not be listed are passed over.</remarks>
    public static IReadOnlyList<string> Files(string folder, bool nested) =>
        [
            .. VisibleEntries
                .Files(folder, nested, skipInaccessible: nested)
                .Where(file =>
                    SlideReader.Extensions.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase)
                )
                .OrderBy(file => file.Count(letter => letter == Path.DirectorySeparatorChar)),
        ];

    /// <summary>The path of a slide; null where there is none of that name.</summary>
    /// <param name="name">The slide's name, without folder and extension.</param>
    public string? Find(string name) => _paths.GetValueOrDefault(name);
}
