using System.Text.Json;
using Histonic.Slides;

namespace Histonic.Learning.Experiments;

/// <summary>Where a cell's result is kept. It is done when cell.json is there.</summary>
/// <param name="Path">The folder.</param>
internal sealed record CellFolder(string Path)
{
    private static readonly JsonSerializerOptions _indented = new() { WriteIndented = true };

    /// <summary>Gets whether the result is there.</summary>
    public bool IsDone => File.Exists(At("cell.json"));

    public string At(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Makes ready for work; what another version of the program left unfinished is dropped.</summary>
    /// <exception cref="InputException">The folder cannot be written.</exception>
    public void Begin()
    {
        var stamp = At("begun-by.txt");
        try
        {
            if (
                Directory.Exists(Path)
                && !(
                    File.Exists(stamp)
                    && string.Equals(File.ReadAllText(stamp), ProductVersion.Current, StringComparison.Ordinal)
                )
            )
                Directory.Delete(Path, recursive: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw AtomicFile.NotWritten(Path, error);
        }

        AtomicFile.WriteText(stamp, ProductVersion.Current);
    }

    /// <summary>Marks the result as there.</summary>
    /// <exception cref="InputException">The folder cannot be written.</exception>
    public void Finish(CellRecord record) =>
        AtomicFile.WriteText(At("cell.json"), JsonSerializer.Serialize(record, _indented) + "\n");

    /// <summary>What was said of the result; null where there is none.</summary>
    /// <exception cref="InputException">It cannot be read.</exception>
    public CellRecord? Read()
    {
        if (!IsDone)
            return null;
        try
        {
            return JsonSerializer.Deserialize<CellRecord>(File.ReadAllText(At("cell.json")));
        }
        catch (Exception error) when (error is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new InputException(At("cell.json"), $"cannot be read ({error.Message})", "Remove its folder", error);
        }
    }
}
