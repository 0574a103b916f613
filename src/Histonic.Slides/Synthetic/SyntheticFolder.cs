using System.Text.Json;
using System.Text.Json.Nodes;

namespace Histonic.Slides.Synthetic;

/// <summary>The note in a folder of synthetic data that says how it was made, so that it can be completed and never mixed.</summary>
internal static class SyntheticFolder
{
    private static readonly JsonSerializerOptions _indented = new() { WriteIndented = true };

    /// <summary>Opens a folder for data of one kind: a new one gets its note, an old one must hold the same.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="note">The note's file name.</param>
    /// <param name="identity">What makes the data what they are.</param>
    /// <param name="more">What else the note tells; free to differ.</param>
    /// <exception cref="InputException">It holds something else, or cannot be written.</exception>
    public static void Open(string folder, string note, JsonObject identity, JsonObject more)
    {
        var path = Path.Combine(folder, note);
        if (File.Exists(path))
        {
            if (!JsonNode.DeepEquals(Read(path)["made_from"], identity))
                throw new InputException(
                    folder,
                    $"holds synthetic data made from another seed or other options, as {note} says",
                    "Choose another folder, or delete this one"
                );
        }
        else if (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any())
        {
            throw new InputException(folder, "holds other files", "Choose an empty or a new folder");
        }

        var text = new JsonObject { ["made_from"] = identity.DeepClone() };
        foreach (var (key, value) in more)
            text[key] = value?.DeepClone();
        AtomicFile.WriteText(path, text.ToJsonString(_indented) + "\n");
    }

    private static JsonNode Read(string path)
    {
        try
        {
            return JsonNode.Parse(File.ReadAllText(path)) ?? throw new JsonException("it is empty");
        }
        catch (Exception error) when (error is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new InputException(
                path,
                $"cannot be read ({error.Message})",
                "Choose another folder, or delete this one",
                error
            );
        }
    }
}
