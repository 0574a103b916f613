namespace Histonic.Slides.Annotations;

/// <summary>Counts what a file holds and cannot be used.</summary>
internal sealed class LeftOut
{
    private readonly SortedDictionary<string, int> _counts = new(StringComparer.Ordinal);

    /// <summary>Gets one line a reason: "2 of type LineString".</summary>
    public IReadOnlyList<string> Words => [.. _counts.Select(count => $"{count.Value} {count.Key}")];

    public void Add(string reason) => _counts[reason] = _counts.GetValueOrDefault(reason) + 1;
}
