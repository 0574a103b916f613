namespace Histonic.Slides.Synthetic;

/// <summary>What a synthetic set of labelled patches is like.</summary>
public sealed record PatchSetOptions
{
    /// <summary>The side of a patch in pixels of 0.5 µm.</summary>
    public const int PatchSize = 128;

    /// <summary>Gets how many patches each class of each task gets.</summary>
    public int PerClass { get; init; } = 500;

    /// <summary>Gets the most patches of one class that come from one slide: fewer make more slides, and so more variety.</summary>
    public int PerSlide { get; init; } = 6;

    /// <summary>Gets how much stain and scanner differ between slides: 0 not at all, 1 as between laboratories, 2 grossly.</summary>
    public double Nuisance { get; init; } = 1;

    /// <summary>
    /// Gets whether each task's patches come from slides of a laboratory of its own, with its stain, light and scanner; else the slides
    /// of all tasks are the same.
    /// </summary>
    public bool Laboratories { get; init; }

    /// <summary>Gets how many slides are made at once. Changes nothing but speed and memory.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Returns these options if every one of them can work.</summary>
    /// <exception cref="OptionException">An option cannot work; the message names it.</exception>
    public PatchSetOptions Validated() =>
        this switch
        {
            { PerClass: not (>= 1 and <= 1_000_000) } => throw new OptionException(
                "--per-class",
                PerClass,
                "from 1 to 1000000"
            ),
            { PerSlide: not (>= 1 and <= 50) } => throw new OptionException("--per-slide", PerSlide, "from 1 to 50"),
            { Nuisance: not (>= 0 and <= 2) } => throw new OptionException("--nuisance", Nuisance, "from 0 to 2"),
            { Threads: not (>= 1 and <= 1024) } => throw new OptionException("--threads", Threads, "from 1 to 1024"),
            _ => this,
        };
}
