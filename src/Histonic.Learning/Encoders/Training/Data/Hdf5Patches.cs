using System.Globalization;
using Histonic.Slides;
using Histonic.Slides.Cohorts;
using Histonic.Slides.Reading;

namespace Histonic.Learning.Encoders.Training.Data;

/// <summary>Labelled patches in an HDF5 file in the layout of PatchCamelyon. The classes are the labels, written as numbers.</summary>
internal sealed class Hdf5Patches : IPatchSource
{
    private const int ManyPatches = 16;

    private readonly PatchSetFile _file;

    /// <summary>Opens the file; of the pixels, only the first, middle and last patch are decoded, to see whether it can be done.</summary>
    /// <param name="task">
    /// The task; its location is the file with x. A table beside it (…_meta.csv, a line a patch) tells the slide of each patch in its column wsi.
    /// </param>
    /// <param name="monitor">Warned when reading at random will be slow.</param>
    /// <exception cref="InputException">The file is missing, of another layout or cannot be decoded, or the table does not fit it.</exception>
    public Hdf5Patches(TaskSource task, IWorkMonitor monitor)
    {
        Location = task.Location;
        _file = PatchSetFile.Open(Location);
        try
        {
            Probe();
            var labels = _file.Labels.Distinct().Order().ToList();
            var numbers = labels.Index().ToDictionary(one => one.Item, one => one.Index);
            Classes = [.. labels.Select(label => label.ToString(CultureInfo.InvariantCulture))];
            var groups = Groups();
            Patches =
            [
                .. _file.Labels.Select(
                    (label, i) =>
                        new PatchEntry(
                            string.Create(CultureInfo.InvariantCulture, $"{Location}#{i}"),
                            numbers[label],
                            groups?[i],
                            task.PixelSize
                        )
                ),
            ];
        }
        catch
        {
            _file.Dispose();
            throw;
        }

        if (_file.PatchesOfChunk > ManyPatches)
        {
            monitor.Warn(
                $"{Location}: its chunks hold {_file.PatchesOfChunk} patches, and each patch that memory does not hold costs decoding a whole one; "
                    + $"raise --memory, or repack it: h5repack -l x:CHUNK=1x{_file.Height}x{_file.Width}x3 OLD NEW"
            );
        }
    }

    /// <inheritdoc/>
    public string Location { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> Classes { get; }

    /// <inheritdoc/>
    public IReadOnlyList<PatchEntry> Patches { get; }

    /// <inheritdoc/>
    public SourcePatch Read(PatchEntry patch, PatchScale scale)
    {
        var index = int.Parse(patch.Id.AsSpan(Location.Length + 1), CultureInfo.InvariantCulture);
        var picture = _file.Read(index);
        var (width, height) = (picture.Width, picture.Height);
        return new SourcePatch(
            PatchPicture.Resize(picture, scale.Shrink(width, height, patch.PixelSize)),
            scale.Step(width, height, patch.PixelSize)
        );
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    // a filter that cannot be undone fails everywhere, a damaged chunk at one place
    private void Probe()
    {
        InputException? failure = null;
        foreach (
            var index in new[] { 0, _file.Count / 2, _file.Count - 1 }.Where(index => index >= 0 && index < _file.Count)
        )
        {
            try
            {
                _file.Read(index);
                return;
            }
            catch (InputException error)
            {
                failure = error;
            }
        }

        throw failure ?? new InputException(Location, "holds no patches", "Give a file with some");
    }

    private List<string?>? Groups()
    {
        var name = Path.GetFileNameWithoutExtension(Location);
        var stem = name.EndsWith("_x", StringComparison.Ordinal) ? name[..^2] : name;
        var path = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(Location))!, stem + "_meta.csv");
        if (!File.Exists(path))
            return null;
        var table = CsvTable.Read(path);
        if (table.Rows.Count != _file.Count)
        {
            throw new InputException(
                path,
                $"has {table.Rows.Count} lines for the {_file.Count} patches of {Path.GetFileName(Location)}",
                "Give a line a patch, in their order"
            );
        }

        var slide = table.Require("wsi");
        return [.. table.Rows.Select(row => row.Fields[slide] is { Length: > 0 } group ? group : null)];
    }
}
