namespace Histonic.Learning.Compression;

/// <summary>What became of a list of slides.</summary>
/// <param name="Compressed">How many were compressed now.</param>
/// <param name="Skipped">How many were there already, made with the same encoder and options.</param>
/// <param name="Patches">How many patches were embedded now.</param>
/// <param name="Elapsed">How long it took.</param>
/// <param name="Failures">Those that failed, in the order of the list.</param>
public sealed record CompressionSummary(
    int Compressed,
    int Skipped,
    long Patches,
    TimeSpan Elapsed,
    IReadOnlyList<SlideFailure> Failures
);
