using System.Globalization;
using System.Text.Json;
using Histonic.Slides;

namespace Histonic.Learning.Encoders.Onnx;

/// <summary>What an encoder's file says of it, as the model's metadata properties.</summary>
internal static class OnnxMetadata
{
    private const string Format = "histonic_encoder";
    private const string FormatVersion = "1";

    /// <summary>Puts it into a model, in place of what was there under the same keys.</summary>
    public static void Write(ModelProto model, EncoderInfo info)
    {
        var values = new (string Key, string? Value)[]
        {
            (Format, FormatVersion),
            ("name", info.Name),
            ("mpp", info.PixelSize.Value.ToString("R", CultureInfo.InvariantCulture)),
            ("patch", info.PatchSize.ToString(CultureInfo.InvariantCulture)),
            ("channels", info.Channels.ToString(CultureInfo.InvariantCulture)),
            ("objective", info.Objective),
            ("tasks", JsonSerializer.Serialize(info.Tasks)),
            ("training_data", info.TrainingData),
            ("licence", info.Licence),
            ("seed", info.Seed?.ToString(CultureInfo.InvariantCulture)),
            ("code_version", info.CodeVersion),
        };
        foreach (var (key, value) in values)
        {
            while (model.MetadataProps.FirstOrDefault(entry => Is(entry, key)) is { } old)
                model.MetadataProps.Remove(old);
            if (value is not null)
                model.MetadataProps.Add(new StringStringEntryProto { Key = key, Value = value });
        }
    }

    /// <summary>Reads it; null when the model does not describe itself.</summary>
    /// <exception cref="InputException">It describes itself in part only, or in a newer format.</exception>
    public static EncoderInfo? Read(ModelProto model, string path, string sha256)
    {
        string? Find(string key) => model.MetadataProps.FirstOrDefault(entry => Is(entry, key))?.Value;

        var version = Find(Format);
        if (version is null)
            return null;
        if (!string.Equals(version, FormatVersion, StringComparison.Ordinal))
            throw new InputException(path, $"is of encoder format {version}", "Take a newer version of Histonic");
        try
        {
            string Need(string key) => Find(key) ?? throw new FormatException($"it has no {key}");
            return new EncoderInfo
            {
                Name = Need("name"),
                PixelSize = new Microns(Positive("mpp", Need("mpp"))),
                PatchSize = (int)Positive("patch", Need("patch")),
                Channels = (int)Positive("channels", Need("channels")),
                Objective = Find("objective") ?? "unknown",
                Tasks = Tasks(Find("tasks")),
                TrainingData = Find("training_data") ?? "unknown",
                Licence = Find("licence") ?? "unknown",
                Seed = Find("seed") is { } seed ? int.Parse(seed, CultureInfo.InvariantCulture) : null,
                CodeVersion = Find("code_version") ?? "unknown",
                Sha256 = sha256,
            };
        }
        catch (Exception error)
            when (error
                    is FormatException
                        or OverflowException
                        or JsonException
                        or InvalidOperationException
                        or ArgumentException
            )
        {
            throw new InputException(
                path,
                $"does not describe itself well ({error.Message})",
                "Import it again with histonic encoder import",
                error
            );
        }
    }

    /// <summary>Read by hand: starting the serializer takes longer than opening the rest of an encoder.</summary>
    private static Dictionary<string, IReadOnlyList<string>> Tasks(string? json)
    {
        using var document = JsonDocument.Parse(json ?? "{}");
        return document
            .RootElement.EnumerateObject()
            .ToDictionary(
                task => task.Name,
                IReadOnlyList<string> (task) => [.. task.Value.EnumerateArray().Select(one => one.GetString() ?? "")],
                StringComparer.Ordinal
            );
    }

    private static double Positive(string key, string text) =>
        double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture) is > 0 and < 1e6 and var number
            ? number
            : throw new FormatException($"its {key} is {text}");

    private static bool Is(StringStringEntryProto entry, string key) =>
        string.Equals(entry.Key, key, StringComparison.Ordinal);
}
