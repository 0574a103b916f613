namespace Histonic.Slides.Cohorts;

/// <summary>What was predicted of one slide, beside the truth where it is known: one row of predictions.csv.</summary>
public sealed record Prediction
{
    /// <summary>Gets the slide's name, without extension.</summary>
    public required string Slide { get; init; }

    /// <summary>Gets the patient; the slide's name where none is known.</summary>
    public required string Patient { get; init; }

    /// <summary>Gets the fold, from 1, whose network predicted; null when it is not one fold's (an average over all).</summary>
    public int? Fold { get; init; }

    /// <summary>Gets the part the slide played: "test" when the network never saw it in training.</summary>
    public string Split { get; init; } = "test";

    /// <summary>Gets the true class; null when unknown or of another kind.</summary>
    public string? Label { get; init; }

    /// <summary>Gets the true number; null when unknown or of another kind.</summary>
    public double? Value { get; init; }

    /// <summary>Gets the true time to the event or to the end of observation; null when unknown or of another kind.</summary>
    public double? Time { get; init; }

    /// <summary>Gets whether the event was seen; null when unknown or of another kind.</summary>
    public bool? Event { get; init; }

    /// <summary>Gets the predicted class; null for other kinds, and where only a score was given from which it does not follow.</summary>
    public string? PredictedClass { get; init; }

    /// <summary>
    /// Gets the predicted number, the predicted risk (higher = sooner), or for a classification the probability (or score)
    /// of the second class.
    /// </summary>
    public required double Score { get; init; }

    /// <summary>Gets the probability of every class, in the order of <see cref="PredictionTable.Classes"/>; empty where none are given.</summary>
    public IReadOnlyList<double> Probabilities { get; init; } = [];

    /// <summary>Gets the standard deviation of the score over the folds; null when one network predicted.</summary>
    public double? Spread { get; init; }

    /// <summary>Gets whether the truth is known.</summary>
    public bool IsLabelled => Label is not null || Value is not null || (Time is not null && Event is not null);

    /// <summary>The same prediction beside this truth.</summary>
    public Prediction With(Truth truth) =>
        this with
        {
            Patient = truth.Patient,
            Label = truth.Label,
            Value = truth.Value,
            Time = truth.Time,
            Event = truth.Event,
        };
}
