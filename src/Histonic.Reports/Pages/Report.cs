using Histonic.Reports.Evaluation;

namespace Histonic.Reports.Pages;

/// <summary>What one report shows.</summary>
/// <param name="Title">Its heading.</param>
/// <param name="Subtitle">One sentence beneath: what was done.</param>
/// <param name="Runs">The runs, in the order they are shown.</param>
/// <param name="Provenance">What it was made from: versions, seed, options, commands; in order.</param>
public sealed record Report(
    string Title,
    string Subtitle,
    IReadOnlyList<RunSection> Runs,
    IReadOnlyList<(string Name, string Value)> Provenance
)
{
    /// <summary>Gets the averages over labels of one group; empty where its runs are none.</summary>
    public IReadOnlyList<LabelAverage> Averages { get; init; } = [];

    /// <summary>Gets the comparison of its two runs; null when they are not compared.</summary>
    public RunComparison? Comparison { get; init; }
}
