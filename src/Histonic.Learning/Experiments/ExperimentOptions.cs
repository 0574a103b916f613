using Histonic.Learning.Prediction;

namespace Histonic.Learning.Experiments;

/// <summary>Which encoders are compared, on which targets of which slides, and how: what an experiment's YAML file says.</summary>
public sealed record ExperimentOptions
{
    /// <summary>Gets what the experiment is called.</summary>
    public required string Name { get; init; }

    /// <summary>Gets slide files, folders and lists; empty where all grids exist already.</summary>
    public IReadOnlyList<string> Slides { get; init; } = [];

    /// <summary>Gets the label table.</summary>
    public required string Labels { get; init; }

    /// <summary>Gets what is predicted, at least one target.</summary>
    public required IReadOnlyList<ExperimentTarget> Targets { get; init; }

    /// <summary>Gets the encoders, at least one, each with a name of its own.</summary>
    public required IReadOnlyList<ExperimentEncoder> Encoders { get; init; }

    /// <summary>Gets the seeds with which each encoder that is trained here is trained.</summary>
    public IReadOnlyList<int> EncoderSeeds { get; init; } = [1];

    /// <summary>Gets the seeds with which each predictor is trained: of folds, weights and batches.</summary>
    public IReadOnlyList<int> PredictorSeeds { get; init; } = [1];

    /// <summary>Gets how slides are compressed.</summary>
    public ExperimentCompression Compression { get; init; } = new();

    /// <summary>Gets how predictors are trained, whatever the target. A loss that is not named is the target's own.</summary>
    public PredictorOptions Predictor { get; init; } = new();

    /// <summary>Gets the table of folds or splits of <see cref="Folds.Read"/>, the same for all predictors; null where each seed makes its own.</summary>
    public string? FoldsFile { get; init; }

    /// <summary>Gets the encoders that all others are tested against; empty = every two are.</summary>
    public IReadOnlyList<string> CompareWith { get; init; } = [];

    /// <summary>Gets how many resamples make an interval.</summary>
    public int Resamples { get; init; } = 2000;

    /// <summary>The seeds of an encoder: those it is trained with, the number of its file or folder where there are several, else null.</summary>
    public IEnumerable<int?> SeedsOf(ExperimentEncoder encoder) =>
        encoder switch
        {
            ExperimentEncoder.Existing { Sources.Count: > 1 } some => Enumerable
                .Range(1, some.Sources.Count)
                .Select(seed => (int?)seed),
            ExperimentEncoder.LaidOut { Folders.Count: > 1 } some => Enumerable
                .Range(1, some.Folders.Count)
                .Select(seed => (int?)seed),
            { HasSeeds: true } => EncoderSeeds.Select(seed => (int?)seed),
            _ => [null],
        };
}
