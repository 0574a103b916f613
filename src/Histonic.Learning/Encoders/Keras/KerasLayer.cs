using System.Text.Json;

namespace Histonic.Learning.Encoders.Keras;

/// <summary>One layer of a Keras model, and the group of the file that holds its weights.</summary>
/// <param name="Kind">Its class, such as "Conv2D".</param>
/// <param name="Name">Its own name, such as "conv2d_1".</param>
/// <param name="Group">The outermost layer it is part of: its weights lie in that group.</param>
/// <param name="Config">Its settings.</param>
internal sealed record KerasLayer(string Kind, string Name, string Group, JsonElement Config)
{
    /// <summary>The layers of a model from its model_config, in the order data passes them; nested chains are laid out.</summary>
    /// <exception cref="FormatException">They are no single chain.</exception>
    public static IReadOnlyList<KerasLayer> Chain(JsonElement model)
    {
        List<KerasLayer> layers = [];
        Add(model, null, layers);
        return layers;
    }

    /// <summary>A whole number among the settings.</summary>
    public int Int(string key) => Config.GetProperty(key).GetInt32();

    /// <summary>A number among the settings.</summary>
    public double Number(string key) => Config.GetProperty(key).GetDouble();

    /// <summary>The one number of a pair of equal ones: a square kernel, an even stride.</summary>
    public int Square(string key) =>
        Config.GetProperty(key) is var pair && pair[0].GetInt32() == pair[1].GetInt32()
            ? pair[0].GetInt32()
            : throw new FormatException($"layer {Name} has the {key} {pair.GetRawText()}, not the same in both ways");

    /// <summary>Refuses a setting that is not as the papers' encoders have it; a setting that is absent has its default.</summary>
    public void Expect(string key, string json)
    {
        if (Config.TryGetProperty(key, out var value) && !string.Equals(Compact(value), json, StringComparison.Ordinal))
            throw new FormatException($"layer {Name} has the {key} {Compact(value)} instead of {json}");
    }

    private static string Compact(JsonElement value) => JsonSerializer.Serialize(value);

    private static void Add(JsonElement layer, string? group, List<KerasLayer> layers)
    {
        var kind = layer.GetProperty("class_name").GetString()!;
        var config = layer.GetProperty("config");
        if (kind is not ("Model" or "Functional" or "Sequential"))
        {
            var name = config.GetProperty("name").GetString()!;
            layers.Add(new KerasLayer(kind, name, group ?? name, config));
            return;
        }

        // a Sequential of Keras before 2.2.3 is a bare list
        var inner = config.ValueKind == JsonValueKind.Array ? config : config.GetProperty("layers");
        string? previous = null;
        foreach (var child in inner.EnumerateArray())
        {
            var name =
                child.TryGetProperty("name", out var own) ? own.GetString()
                : child.GetProperty("config") is { ValueKind: JsonValueKind.Object } settings
                && settings.TryGetProperty("name", out var inside)
                    ? inside.GetString()
                : null;
            if (child.TryGetProperty("inbound_nodes", out var inbound))
                CheckFollows(name, inbound, previous);
            Add(child, group ?? name, layers); // the model itself has no group
            previous = name;
        }
    }

    private static void CheckFollows(string? name, JsonElement inbound, string? previous)
    {
        List<string?> sources = [];
        foreach (var node in inbound.EnumerateArray())
        {
            foreach (var source in node.EnumerateArray())
                sources.Add(source[0].GetString());
        }

        var follows = previous is null
            ? sources.Count == 0
            : sources.Count == 1 && string.Equals(sources[0], previous, StringComparison.Ordinal);
        if (!follows)
            throw new FormatException($"layer {name} does not simply follow the one before; only chains can be read");
    }
}
