using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;
using Histonic.Slides;

namespace Histonic.Learning.Compression;

/// <summary>How a folder of patches with places in their names is read.</summary>
public sealed record PatchFolderOptions
{
    /// <summary>The names SLIDE_xX_yY and SLIDE_X_Y.</summary>
    [StringSyntax(StringSyntaxAttribute.Regex)]
    public const string UsualNames = "^(?<slide>.+?)_x?(?<x>[0-9]+)_y?(?<y>[0-9]+)$";

    private readonly Regex _names = Pattern(UsualNames);

    /// <summary>Gets the class whose share among a slide's patches is the target: the name of its folder.</summary>
    public required string Class { get; init; }

    /// <summary>
    /// Gets the regular expression of names without extension, with the groups slide, x and y: the patch's top-left corner in its own pixels.
    /// </summary>
    /// <exception cref="OptionException">It is no regular expression, or lacks a group.</exception>
    public string Names
    {
        get => _names.ToString();
        init => _names = Pattern(value);
    }

    internal Match Match(string name) => _names.Match(name);

    private static Regex Pattern([StringSyntax(StringSyntaxAttribute.Regex)] string pattern)
    {
        Regex? regex = null;
        try
        {
            regex = new Regex(
                pattern,
                RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
                TimeSpan.FromSeconds(1)
            );
        }
        catch (ArgumentException)
        {
            // told below, as a missing group is
        }

        string[] groups = ["slide", "x", "y"];
        return regex is not null && groups.All(name => regex.GetGroupNames().Contains(name, StringComparer.Ordinal))
            ? regex
            : throw new OptionException("--names", pattern, "a regular expression with the groups slide, x and y");
    }
}
