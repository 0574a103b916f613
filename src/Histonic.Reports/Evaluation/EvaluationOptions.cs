using Histonic.Slides;

namespace Histonic.Reports.Evaluation;

/// <summary>How predictions are scored.</summary>
public sealed record EvaluationOptions
{
    /// <summary>Gets where the resamples come from.</summary>
    public Seed Seed { get; init; } = new(1);

    /// <summary>Gets how many resamples of the patients make an interval, at least 100.</summary>
    public int Resamples { get; init; } = 2000;

    /// <summary>
    /// Gets the times at which the AUC of a survival target is given, above 0, in the target's unit; empty: the quartiles of
    /// the events' times.
    /// </summary>
    public IReadOnlyList<double> Times { get; init; } = [];

    /// <summary>Gets how many metrics are computed at a time, 1 to 512; the figures do not depend on it.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>The coverage of every interval.</summary>
    public const double Level = 0.95;

    /// <summary>Returns these options if they can work.</summary>
    /// <exception cref="OptionException">There are too few or too many resamples, or a time is not above 0.</exception>
    public EvaluationOptions Validated()
    {
        if (Resamples is not (>= 100 and <= 1_000_000))
            throw new OptionException("--resamples", Resamples, "from 100 to 1,000,000");
        foreach (var time in Times)
        {
            if (!(time > 0 && double.IsFinite(time)))
                throw new OptionException("--times", time, "numbers above 0");
        }

        return this;
    }
}
