using System.Globalization;
using Histonic.Slides;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Histonic.Learning.Experiments;

/// <summary>A mapping of a YAML file, read strictly: unknown keys and values that do not fit are refused with their line.</summary>
internal sealed class YamlMap
{
    private readonly string _path;
    private readonly YamlMappingNode _node;
    private readonly string _what;

    private YamlMap(string path, YamlMappingNode node, string what) => (_path, _node, _what) = (path, node, what);

    /// <summary>Reads a file that holds one mapping.</summary>
    /// <exception cref="InputException">It is missing, not YAML, or no mapping.</exception>
    public static YamlMap Read(string path)
    {
        try
        {
            using var reader = new StreamReader(path);
            var stream = new YamlStream();
            stream.Load(reader);
            return stream.Documents is [{ RootNode: YamlMappingNode root }]
                ? new YamlMap(path, root, "the file")
                : throw new InputException(path, "holds no settings", "Write lines of the form 'name: value'");
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InputException(path, "there is no such file", "Check the path", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputException(path, $"cannot be read ({error.Message})", "Check your rights to it", error);
        }
        catch (YamlException error)
        {
            throw new InputException(
                $"{path}, line {error.Start.Line}",
                $"is not YAML ({error.Message})",
                "Correct the line",
                error
            );
        }
    }

    /// <summary>Gets the keys, in the file's order.</summary>
    public IEnumerable<string> Keys => _node.Children.Keys.Select(key => (key as YamlScalarNode)?.Value ?? "");

    /// <summary>Refuses every key that is not one of these.</summary>
    /// <returns>This mapping.</returns>
    /// <exception cref="InputException">There is another key; the message names its line and the nearest known key.</exception>
    public YamlMap Only(params IReadOnlyList<string> known)
    {
        foreach (var key in _node.Children.Keys)
        {
            var word = (key as YamlScalarNode)?.Value ?? "";
            if (known.Contains(word, StringComparer.Ordinal))
                continue;
            var nearest = known.MinBy(other => Distance(word, other));
            throw Fault(
                key,
                $"{_what} has no setting '{word}'",
                nearest is not null && Distance(word, nearest) <= Math.Max(2, word.Length / 2)
                    ? $"Did you mean '{nearest}'? Known here: {string.Join(", ", known)}"
                    : $"Known here: {string.Join(", ", known)}"
            );
        }

        return this;
    }

    public bool Has(string key) => Find(key) is not null;

    /// <summary>The node of a key; null where it is not there or empty.</summary>
    public YamlNode? Find(string key) =>
        _node.Children.TryGetValue(new YamlScalarNode(key), out var value)
        && value is not YamlScalarNode { Style: ScalarStyle.Plain, Value: null or "" or "null" or "~" }
            ? value
            : null;

    public YamlNode Require(string key) =>
        Find(key) ?? throw Fault(_node, $"{_what} lacks the setting '{key}'", $"Add '{key}: …'");

    public string? Text(string key) => Find(key) is { } node ? Word(node, key) : null;

    public string RequireText(string key) => Word(Require(key), key);

    public int? Whole(string key) => Find(key) is { } node ? Whole(node, key) : null;

    public double? Number(string key) =>
        Find(key) is not { } node ? null
        : double.TryParse(Word(node, key), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
        && double.IsFinite(number)
            ? number
        : throw Fault(node, $"'{key}' is {Word(node, key)}", "Give a number");

    public bool? Flag(string key) =>
        Find(key) is not { } node
            ? null
            : Word(node, key) switch
            {
                "true" => true,
                "false" => false,
                var word => throw Fault(node, $"'{key}' is {word}", "Give true or false"),
            };

    /// <summary>A list of words, or one word.</summary>
    public IReadOnlyList<string>? Words(string key) =>
        Find(key) is { } node ? [.. Items(node).Select(item => Word(item, key))] : null;

    /// <summary>A list of whole numbers, or one, each once.</summary>
    public IReadOnlyList<int>? Wholes(string key)
    {
        if (Find(key) is not { } node)
            return null;
        int[] numbers = [.. Items(node).Select(item => Whole(item, key))];
        return numbers.Length > 0 && numbers.Distinct().Count() == numbers.Length
            ? numbers
            : throw Fault(node, $"'{key}' has a number twice, or none", "Give each number once");
    }

    /// <summary>The mapping of a key; null where it is not there.</summary>
    public YamlMap? Map(string key) => Find(key) is { } node ? Map(node, $"'{key}'") : null;

    /// <summary>A node as a mapping.</summary>
    public YamlMap Map(YamlNode node, string what) =>
        node is YamlMappingNode map
            ? new YamlMap(_path, map, what)
            : throw Fault(
                node,
                $"{what} is not a group of settings",
                "Write lines of the form 'name: value' beneath it"
            );

    /// <summary>The entries of a list that must be there.</summary>
    public IReadOnlyList<YamlNode> RequireList(string key) =>
        Require(key) is YamlSequenceNode { Children.Count: > 0 } list
            ? [.. list.Children]
            : throw Fault(Require(key), $"'{key}' is not a list", "Write lines that begin with '- ' beneath it");

    /// <summary>The mapping's own text, as YAML, with some entries before it.</summary>
    public static string Emit(YamlNode node)
    {
        using var writer = new StringWriter(CultureInfo.InvariantCulture);
        new YamlStream(new YamlDocument(node)).Save(writer, assignAnchors: false);
        return writer.ToString();
    }

    /// <summary>Gets the mapping as it is.</summary>
    public YamlMappingNode Node => _node;

    /// <summary>Does something with a node; an option that cannot work, or an input at fault, is told with its line.</summary>
    public T At<T>(YamlNode node, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (OptionException error)
        {
            throw Fault(node, $"holds a setting that cannot work ({error.Message.TrimEnd('.')})", "Correct it");
        }
        catch (YamlException error)
        {
            throw Fault(node, $"does not fit ({error.InnerException?.Message ?? error.Message})", "Correct it");
        }
    }

    public InputException Fault(YamlNode node, string finding, string remedy) =>
        new($"{_path}, line {node.Start.Line}", finding, remedy);

    private string Word(YamlNode node, string key) =>
        node is YamlScalarNode { Value: { Length: > 0 } word }
            ? word
            : throw Fault(node, $"'{key}' needs one value", "Write it on the same line");

    private int Whole(YamlNode node, string key) =>
        int.TryParse(Word(node, key), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw Fault(node, $"'{key}' is {Word(node, key)}", "Give a whole number");

    private static IEnumerable<YamlNode> Items(YamlNode node) => node is YamlSequenceNode list ? list.Children : [node];

    /// <summary>How many letters are added, left out or changed between two words.</summary>
    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            (var before, row[0]) = (row[0], i);
            for (var j = 1; j <= b.Length; j++)
            {
                var changed = before + (a[i - 1] == b[j - 1] ? 0 : 1);
                before = row[j];
                row[j] = Math.Min(changed, 1 + Math.Min(row[j], row[j - 1]));
            }
        }

        return row[^1];
    }
}
