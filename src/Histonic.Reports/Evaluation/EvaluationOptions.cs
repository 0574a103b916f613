using Histonic.Slides;

namespace Histonic.Reports.Evaluation;

/// <summary>How predictions are scored.</summary>
public sealed record EvaluationOptions
{
    /// <summary>Gets where the resamples come from.</summary>
    public Seed Seed { get; init; } = new(1);

    /// <summary>Gets how many resamples of the patients make an interval, at least 100.</summary>
    public int Resamples { get; init; } = 2000;

    /// <summary>The coverage of every interval.</summary>
    public const double Level = 0.95;

    /// <summary>Returns these options if they can work.</summary>
    /// <exception cref="OptionException">There are too few or too many resamples.</exception>
    public EvaluationOptions Validated() =>
        Resamples is >= 100 and <= 1_000_000
            ? this
            : throw new OptionException("--resamples", Resamples, "from 100 to 1,000,000");
}
