using System.Text.RegularExpressions;
using Histonic.Slides;

namespace Histonic.Learning.Encoders.Training.Data;

/// <summary>Finds the patient or slide of a patch in its file's name, so that a split never parts what belongs together.</summary>
public sealed partial class GroupRule
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(1);

    private readonly Regex? _given;

    private GroupRule(Regex? given) => _given = given;

    /// <summary>Gets the rule that fits the names of the public sets.</summary>
    /// <remarks>
    /// In this order: a TCGA code is the group (TCGA-AB-1234 as a patient's barcode, else TCGA-NAME). A magnification
    /// (Normal_100x_1) says that the name tells no patient. Otherwise the shortest row of leading words, parted by
    /// underscores, that holds a digit and is not the whole name: MIDOG21-002_7 → MIDOG21-002, tumor_004_37276_186047 →
    /// tumor_004, 10253_x1001_y751 → 10253.
    /// </remarks>
    public static GroupRule Default { get; } = new(null);

    /// <summary>A rule of the user's own.</summary>
    /// <param name="pattern">A regular expression for the name without extension; its first group, or the whole match, is the group.</param>
    /// <exception cref="OptionException">It is not a regular expression.</exception>
    public static GroupRule FromRegex(string pattern)
    {
        try
        {
            return new GroupRule(new Regex(pattern, RegexOptions.CultureInvariant, _patience));
        }
        catch (ArgumentException error)
        {
            throw new OptionException("--group-regex", pattern, $"a regular expression ({error.Message})");
        }
    }

    /// <summary>The patient or slide a file belongs to; null when its name does not tell.</summary>
    /// <param name="path">The path or name of a file.</param>
    public string? GroupOf(string path)
    {
        var name = Path.GetFileNameWithoutExtension(path);
        if (_given is not null)
        {
            var match = _given.Match(name);
            var found = match.Groups.Count > 1 ? match.Groups[1].Value : match.Value;
            return match.Success && found.Length > 0 ? found : null;
        }

        if (TcgaPatient().Match(name) is { Success: true } patient)
            return patient.Value;
        if (TcgaName().Match(name) is { Success: true } tcga)
            return tcga.Value;
        var words = name.Split('_');
        if (Array.Exists(words, word => Magnification().IsMatch(word)))
            return null;
        var count = Array.FindIndex(words, word => word.Any(char.IsAsciiDigit)) + 1;
        return count > 0 && count < words.Length ? string.Join('_', words.Take(count)) : null;
    }

    [GeneratedRegex("TCGA-[A-Z0-9]{2}-[A-Z0-9]{4}", RegexOptions.None, 1000)]
    private static partial Regex TcgaPatient();

    [GeneratedRegex("TCGA-[A-Z0-9]+", RegexOptions.None, 1000)]
    private static partial Regex TcgaName();

    [GeneratedRegex("^[0-9]+[xX]$", RegexOptions.None, 1000)]
    private static partial Regex Magnification();
}
