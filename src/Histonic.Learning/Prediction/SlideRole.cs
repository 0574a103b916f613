namespace Histonic.Learning.Prediction;

/// <summary>What a slide is for in one round of cross-validation.</summary>
public enum SlideRole
{
    /// <summary>Weights are fitted to it.</summary>
    Training,

    /// <summary>It chooses the best epoch.</summary>
    Validation,

    /// <summary>The network never saw it: it is predicted.</summary>
    Test,

    /// <summary>Nothing: a split that was given leaves it out of the round.</summary>
    None,
}
