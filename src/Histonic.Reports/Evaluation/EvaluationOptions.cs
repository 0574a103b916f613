using Histonic.Slides;

namespace Histonic.Reports.Evaluation;

/// <summary>How intervals are made.</summary>
public sealed record EvaluationOptions
{
    /// <summary>Gets where the resampling comes from.</summary>
    public Seed Seed { get; init; } = new(1);

    /// <summary>Gets the number of bootstrap resamples, at least 100.</summary>
    public int Resamples { get; init; } = 2000;

    /// <summary>Returns these options if they can work.</summary>
    /// <exception cref="OptionException">There are too few resamples.</exception>
    public EvaluationOptions Validated() =>
        Resamples >= 100 ? this : throw new OptionException("--resamples", Resamples, "at least 100");
}
