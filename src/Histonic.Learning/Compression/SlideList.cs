using Histonic.Slides;
using Histonic.Slides.Cohorts;
using Histonic.Slides.Reading;

namespace Histonic.Learning.Compression;

/// <summary>Finds the slides a user names: files, folders, and lists.</summary>
/// <remarks>
/// A folder gives the slides in it, and if asked for those in its subfolders. A list is a CSV file with a column <c>slide</c> or <c>path</c>
/// (relative to the list, extension needed) and, where files do not tell it, <c>mpp</c>.
/// </remarks>
public static class SlideList
{
    /// <summary>Finds the slides.</summary>
    /// <param name="inputs">Files, folders and .csv lists.</param>
    /// <param name="nested">Whether subfolders of folders are searched as well.</param>
    /// <param name="note">Told of slides in subfolders that were not asked for.</param>
    /// <returns>Every slide once, in the order of their names.</returns>
    /// <exception cref="InputException">An input is missing, a folder or list holds no slide, or two slides have one name.</exception>
    public static IReadOnlyList<SlideSource> Find(
        IEnumerable<string> inputs,
        bool nested = false,
        Action<string>? note = null
    )
    {
        Dictionary<string, SlideSource> byPath = new(StringComparer.Ordinal);
        foreach (var slide in inputs.SelectMany(input => FindIn(input, nested, note)))
            byPath.TryAdd(Path.GetFullPath(slide.Path), slide);
        var slides = byPath.Values.OrderBy(slide => SlideName.Of(slide.Path), StringComparer.Ordinal).ToList();
        for (var i = 1; i < slides.Count; i++)
        {
            var name = SlideName.Of(slides[i].Path);
            if (string.Equals(name, SlideName.Of(slides[i - 1].Path), StringComparison.OrdinalIgnoreCase))
            {
                throw new InputException(
                    slides[i].Path,
                    $"has the same name as {slides[i - 1].Path}; both would become {name}.h5",
                    "Compress them into different folders"
                );
            }
        }

        return slides;
    }

    private static List<SlideSource> FindIn(string input, bool nested, Action<string>? note)
    {
        if (Directory.Exists(input))
            return InFolder(input, nested, note);
        return string.Equals(Path.GetExtension(input), ".csv", StringComparison.OrdinalIgnoreCase)
            ? InList(input)
            : [new SlideSource(input)];
    }

    private static List<SlideSource> InFolder(string folder, bool nested, Action<string>? note)
    {
        var files = SlideFolder.Files(folder, nested);
        var below = nested ? 0 : SlideFolder.Files(folder, nested: true).Count - files.Count;
        if (files.Count == 0)
        {
            throw below > 0
                ? new InputException(folder, $"holds no slide itself, but {below} in its subfolders", "Add --nested")
                : new InputException(
                    folder,
                    "holds no slide",
                    $"Give a folder with files that end in {string.Join(", ", SlideReader.Extensions)}"
                );
        }

        if (below > 0)
            note?.Invoke(
                $"{folder}: {below} more slides (or pictures) lie in its subfolders; they are taken with --nested"
            );
        return [.. files.Select(file => new SlideSource(file))];
    }

    private static List<SlideSource> InList(string list)
    {
        var table = CsvTable.Read(list);
        var path = table.IndexOf("path") is >= 0 and var index ? index : table.Require("slide");
        var pixelSize = table.IndexOf("mpp");
        var folder = Path.GetDirectoryName(Path.GetFullPath(list))!;
        List<SlideSource> slides = [];
        foreach (var row in table.Rows)
        {
            if (row.Fields[path].Length == 0)
                throw table.Fault(row, "names no slide", "Remove the line or fill it");
            var mpp = pixelSize < 0 ? null : table.Number(row, pixelSize);
            if (mpp is not null and not (>= 0.05 and <= 100))
                throw table.Fault(row, $"has the mpp {mpp}", "Give µm per pixel, from 0.05 to 100");
            slides.Add(
                new SlideSource(Path.Combine(folder, row.Fields[path]), mpp is { } value ? new Microns(value) : null)
            );
        }

        return slides.Count > 0 ? slides : throw new InputException(list, "lists no slide", "Add one a line");
    }
}
