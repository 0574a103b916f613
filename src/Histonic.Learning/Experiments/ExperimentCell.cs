namespace Histonic.Learning.Experiments;

/// <summary>One piece of an experiment's work, kept in a folder named by the hash of all it depends on.</summary>
public sealed class ExperimentCell
{
    private readonly string _root;
    private readonly Func<string> _depends;

    internal ExperimentCell(
        string root,
        ExperimentStage stage,
        ExperimentEncoder encoder,
        int? encoderSeed,
        ExperimentCell? parent,
        Func<string> depends
    ) => (_root, Stage, Encoder, EncoderSeed, Parent, _depends) = (root, stage, encoder, encoderSeed, parent, depends);

    /// <summary>Gets what it makes.</summary>
    public ExperimentStage Stage { get; }

    /// <summary>Gets of which kind of encoder.</summary>
    public ExperimentEncoder Encoder { get; }

    /// <summary>Gets the encoder's seed; null where it has none.</summary>
    public int? EncoderSeed { get; }

    /// <summary>Gets the cell whose result it works on; null where it starts from given files.</summary>
    public ExperimentCell? Parent { get; }

    /// <summary>Gets the target of a predictor; null for other stages.</summary>
    public ExperimentTarget? Target { get; init; }

    /// <summary>Gets the seed of a predictor; null for other stages.</summary>
    public int? PredictorSeed { get; init; }

    /// <summary>Gets what it is called in messages and tables.</summary>
    public string Label =>
        string.Join(
            ", ",
            new[]
            {
                Encoder.Name,
                EncoderSeed is { } seed ? FormattableString.Invariant($"seed {seed}") : null,
                Target?.Name,
                PredictorSeed is { } predictor ? FormattableString.Invariant($"predictor seed {predictor}") : null,
            }.OfType<string>()
        );

    /// <summary>Gets whether there is next to nothing to compute.</summary>
    public bool IsCheap =>
        Stage == ExperimentStage.Encoder && Encoder is not ExperimentEncoder.Trained { HasSeeds: true };

    /// <summary>All it depends on, as text. A predictor's changes when slides that had failed are there.</summary>
    internal string Depends() => _depends();

    /// <summary>The hash of all it depends on.</summary>
    internal string Key() => Fingerprints.Of(Depends());

    /// <summary>Where its result is kept.</summary>
    internal CellFolder Folder() => new(Path.Combine(_root, Stage.ToString().ToLowerInvariant(), Key()));
}
