namespace Histonic.Reports.Viewing;

/// <summary>A slide that the viewer shows.</summary>
/// <param name="Id">What its addresses call it: 16 hexadecimals that follow from its name.</param>
/// <param name="Name">What tables call it.</param>
/// <param name="Path">Its file; null when there are only embeddings or predictions of it.</param>
/// <param name="Features">The files of its embeddings, by the name of their folder.</param>
/// <param name="Maps">The files of its heat maps, by the name of their folder.</param>
public sealed record ViewedSlide(
    string Id,
    string Name,
    string? Path,
    IReadOnlyDictionary<string, string> Features,
    IReadOnlyDictionary<string, string> Maps
);
