namespace Histonic.Reports.Encoders;

/// <summary>What a page on evaluated encoders shows.</summary>
/// <param name="Encoders">The encoders, the one that the others are compared with first.</param>
/// <param name="Tasks">The tasks.</param>
/// <param name="Figures">The figures, in any order.</param>
/// <param name="Differences">The first encoder against each other one.</param>
/// <param name="Maps">The embedding maps.</param>
/// <param name="Notes">How the figures were made, and what weakens them, in sentences.</param>
/// <param name="Provenance">What it was made from: versions, seed, options, commands; in order.</param>
public sealed record EncoderReport(
    IReadOnlyList<EncoderEntry> Encoders,
    IReadOnlyList<TaskEntry> Tasks,
    IReadOnlyList<EncoderFigure> Figures,
    IReadOnlyList<EncoderDifference> Differences,
    IReadOnlyList<PatchMap> Maps,
    IReadOnlyList<string> Notes,
    IReadOnlyList<(string Name, string Value)> Provenance
)
{
    /// <summary>The metric that is shown first; the others stand in the table of all figures.</summary>
    public const string MainMetric = "AUC";
}
