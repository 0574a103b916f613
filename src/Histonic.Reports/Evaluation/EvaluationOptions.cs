using Histonic.Slides;

namespace Histonic.Reports.Evaluation;

/// <summary>How predictions are scored.</summary>
public sealed record EvaluationOptions
{
    /// <summary>Gets where the resamples come from.</summary>
    public Seed Seed { get; init; } = new(1);

    /// <summary>Gets how many resamples of the patients make an interval, at least 100.</summary>
    public int Resamples { get; init; } = 2000;

    /// <summary>Gets the coverage of the intervals, in (0, 1).</summary>
    public double Level { get; init; } = 0.95;

    /// <summary>Checks the options.</summary>
    /// <exception cref="OptionException">One cannot work.</exception>
    public EvaluationOptions Validated() =>
        this switch
        {
            { Resamples: not (>= 100 and <= 1_000_000) } => throw new OptionException(
                "--resamples",
                Resamples,
                "from 100 to 1,000,000"
            ),
            { Level: not (> 0 and < 1) } => throw new OptionException(nameof(Level), Level, "between 0 and 1"),
            _ => this,
        };
}
