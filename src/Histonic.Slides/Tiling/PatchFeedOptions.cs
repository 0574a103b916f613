namespace Histonic.Slides.Tiling;

/// <summary>How patches are fed.</summary>
public sealed record PatchFeedOptions
{
    /// <summary>Gets the number of patches in a batch (the last one may hold fewer).</summary>
    public int BatchSize { get; init; } = 64;

    /// <summary>Gets how many threads decode.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Gets how many batches may wait for the reader; beyond that, decoding pauses.</summary>
    public int Ahead { get; init; } = 4;

    /// <summary>Gets what becomes of patches whose pixels are damaged.</summary>
    public DamagePolicy OnDamage { get; init; }

    /// <summary>Returns these options if every one of them can work.</summary>
    /// <exception cref="OptionException">An option cannot work; the message names it.</exception>
    public PatchFeedOptions Validated() =>
        this switch
        {
            { BatchSize: not (>= 1 and <= 4096) } => throw new OptionException("--batch", BatchSize, "from 1 to 4096"),
            { Threads: not (>= 1 and <= 1024) } => throw new OptionException("--threads", Threads, "from 1 to 1024"),
            { Ahead: not (>= 1 and <= 1024) } => throw new OptionException(nameof(Ahead), Ahead, "from 1 to 1024"),
            _ => this,
        };
}
