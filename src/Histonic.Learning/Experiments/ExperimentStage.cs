namespace Histonic.Learning.Experiments;

/// <summary>What a cell of an experiment makes.</summary>
public enum ExperimentStage
{
    /// <summary>An encoder: trained, or imported.</summary>
    Encoder,

    /// <summary>The slides' grids by one encoder.</summary>
    Features,

    /// <summary>A predictor of one target, cross-validated on one encoder's grids.</summary>
    Predictor,
}
