namespace Histonic.Slides.Synthetic;

/// <summary>The words for artefacts.</summary>
public static class ArtefactNames
{
    private static readonly Dictionary<string, SlideArtefacts> _byName = new(StringComparer.Ordinal)
    {
        ["pen"] = SlideArtefacts.PenBlue | SlideArtefacts.PenGreen | SlideArtefacts.PenBlack | SlideArtefacts.PenRed,
        ["pen-blue"] = SlideArtefacts.PenBlue,
        ["pen-green"] = SlideArtefacts.PenGreen,
        ["pen-black"] = SlideArtefacts.PenBlack,
        ["pen-red"] = SlideArtefacts.PenRed,
        ["dust"] = SlideArtefacts.Dust,
        ["fat"] = SlideArtefacts.Fat,
        ["blur"] = SlideArtefacts.Blur,
        ["pale"] = SlideArtefacts.Pale,
    };

    /// <summary>Gets the names; "pen" stands for all four colours.</summary>
    public static IReadOnlyCollection<string> All => _byName.Keys;

    /// <summary>Reads a list of names, such as "pen-blue,dust"; "" is none.</summary>
    /// <exception cref="OptionException">A name is unknown.</exception>
    public static SlideArtefacts Parse(string list) =>
        list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Aggregate(
                SlideArtefacts.None,
                (all, name) =>
                    _byName.TryGetValue(name, out var one)
                        ? all | one
                        : throw new OptionException("--artefacts", name, $"some of {string.Join(", ", All)}")
            );

    /// <summary>The name of one artefact.</summary>
    internal static string Of(SlideArtefacts artefact) => _byName.First(pair => pair.Value == artefact).Key;
}
