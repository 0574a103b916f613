namespace Histonic.Slides.Synthetic;

/// <summary>What a synthetic cohort is like. docs/synthetic.md says how each knob enters.</summary>
public sealed record CohortOptions
{
    /// <summary>The pixel size of level 0 of every synthetic slide.</summary>
    public static readonly Microns PixelSize = new(0.5);

    /// <summary>Gets the number of slides. A slide depends on the seed and its number alone, so a cohort can grow.</summary>
    public int Slides { get; init; } = 48;

    /// <summary>Gets the side of a slide in level-0 pixels of 0.5 µm.</summary>
    public int SlideSize { get; init; } = 2048;

    /// <summary>Gets what the coefficients of the log hazard are multiplied by; 0 makes survival pure chance.</summary>
    public double EffectSize { get; init; } = 1;

    /// <summary>Gets the share of patients, in [0, 0.9], that are still alive when last seen, on average.</summary>
    public double Censoring { get; init; } = 0.35;

    /// <summary>Gets the standard deviation of what the proliferation score has beyond the slide's cells, in its own standard deviations.</summary>
    public double LabelNoise { get; init; } = 0.15;

    /// <summary>Gets the weight, in [0, 1], of cell density in the proliferation score; mitotic share weighs √(1 − w²).</summary>
    public double DensityWeight { get; init; } = 0.5;

    /// <summary>Gets how much stain and scanner differ between slides: 0 not at all, 1 as between laboratories, 2 grossly.</summary>
    public double Nuisance { get; init; } = 1;

    /// <summary>Gets the share of patients, in [0, 1], with more than one slide.</summary>
    public double MultipleSlides { get; init; } = 0.25;

    /// <summary>Gets what went wrong with every slide. The default is nothing.</summary>
    public SlideArtefacts Artefacts { get; init; }

    /// <summary>Gets how many slides are made at once. Changes nothing but speed and memory.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Returns these options if every one of them can work.</summary>
    /// <exception cref="OptionException">An option cannot work; the message names it.</exception>
    public CohortOptions Validated() =>
        this switch
        {
            { Slides: not (>= 1 and <= 100_000) } => throw new OptionException("--slides", Slides, "from 1 to 100000"),
            { SlideSize: not (>= 512 and <= 16384) } => throw new OptionException(
                "--size",
                SlideSize,
                "from 512 to 16384 pixels"
            ),
            { EffectSize: not (>= 0 and <= 10) } => throw new OptionException("--effect", EffectSize, "from 0 to 10"),
            { Censoring: not (>= 0 and <= 0.9) } => throw new OptionException(
                "--censoring",
                Censoring,
                "from 0 to 0.9"
            ),
            { LabelNoise: not (>= 0 and <= 10) } => throw new OptionException(
                "--label-noise",
                LabelNoise,
                "from 0 to 10"
            ),
            { DensityWeight: not (>= 0 and <= 1) } => throw new OptionException(
                "--density-weight",
                DensityWeight,
                "from 0 to 1"
            ),
            { Nuisance: not (>= 0 and <= 2) } => throw new OptionException("--nuisance", Nuisance, "from 0 to 2"),
            { MultipleSlides: not (>= 0 and <= 1) } => throw new OptionException(
                "--multiple-slides",
                MultipleSlides,
                "from 0 to 1"
            ),
            { Threads: not (>= 1 and <= 1024) } => throw new OptionException("--threads", Threads, "from 1 to 1024"),
            _ => this,
        };
}
