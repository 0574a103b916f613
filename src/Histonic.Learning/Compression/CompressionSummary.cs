namespace Histonic.Learning.Compression;

/// <summary>What became of a list of slides.</summary>
/// <param name="Compressed">How many were compressed now.</param>
/// <param name="Skipped">How many were there already, made with the same encoder and options.</param>
/// <param name="Patches">How many patches were embedded now.</param>
/// <param name="Elapsed">How long it took.</param>
/// <param name="Failures">Those that failed, here or meanwhile in another process.</param>
public sealed record CompressionSummary(
    int Compressed,
    int Skipped,
    long Patches,
    TimeSpan Elapsed,
    IReadOnlyList<SlideFailure> Failures
)
{
    /// <summary>Gets how many other processes compressed meanwhile.</summary>
    public int Elsewhere { get; init; }

    /// <summary>Gets why the run ended before the list did (a full disk, say), with what to do; null = it did not.</summary>
    public string? Stopped { get; init; }

    /// <summary>Gets how many slides were then not tried.</summary>
    public int Left { get; init; }
}
