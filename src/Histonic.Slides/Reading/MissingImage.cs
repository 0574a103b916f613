namespace Histonic.Slides.Reading;

/// <summary>What is said when a slide has no associated image of a name.</summary>
internal static class MissingImage
{
    public static InputException Of(string path, string name, IReadOnlyCollection<string> there) =>
        new(path, $"has no image '{name}'", there.Count == 0 ? "It has none" : $"It has: {string.Join(", ", there)}");
}
