using Histonic.Slides;
using Histonic.Slides.Reading;

namespace Histonic.Learning.Encoders.Training.Data;

/// <summary>Labelled pictures in folders, one folder a class.</summary>
internal sealed class FolderPatches : IPatchSource
{
    private static readonly string[] _extensions = [".jpg", ".jpeg", ".png", ".tif", ".tiff", ".bmp"];

    /// <summary>Lists the pictures.</summary>
    /// <param name="task">The task; its location is the folder.</param>
    /// <param name="rule">Finds a picture's patient or slide in its name.</param>
    /// <exception cref="InputException">The folder is missing, or does not hold two or more classes.</exception>
    public FolderPatches(TaskSource task, GroupRule rule)
    {
        Location = task.Location;
        if (!Directory.Exists(Location))
            throw new InputException(Location, "there is no such folder", $"Check the location of task {task.Name}");
        var folders = VisibleEntries.Folders(Location).ToList();
        if (folders.Count < 2)
        {
            throw new InputException(
                Location,
                $"has {folders.Count} folders inside, and a task needs one for each of two or more classes",
                "Put the patches of each class into a folder of its own"
            );
        }

        Classes = [.. folders.Select(folder => Path.GetFileName(folder)!)];
        Patches =
        [
            .. folders.SelectMany(
                (folder, label) =>
                    VisibleEntries
                        .Files(folder, nested: true)
                        .Where(path => _extensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase))
                        .Select(path => new PatchEntry(path, label, rule.GroupOf(path), task.PixelSize))
            ),
        ];
    }

    /// <inheritdoc/>
    public string Location { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> Classes { get; }

    /// <inheritdoc/>
    public IReadOnlyList<PatchEntry> Patches { get; }

    /// <inheritdoc/>
    public SourcePatch Read(PatchEntry patch, PatchScale scale) => ReadFile(patch.Id, patch.PixelSize, scale);

    /// <summary>Reads a picture's file.</summary>
    /// <exception cref="InputException">It is missing, truncated, or not a picture.</exception>
    internal static SourcePatch ReadFile(string path, Microns? pixelSize, PatchScale scale)
    {
        var step = 1.0;
        var picture = PatchPicture.Read(
            path,
            (width, height) =>
            {
                step = scale.Step(width, height, pixelSize);
                return scale.Shrink(width, height, pixelSize);
            }
        );
        return new SourcePatch(picture, step);
    }

    /// <summary>Nothing is held open.</summary>
    public void Dispose() { }
}
