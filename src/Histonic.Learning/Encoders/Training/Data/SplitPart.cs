namespace Histonic.Learning.Encoders.Training.Data;

/// <summary>What a patch is used for.</summary>
public enum SplitPart
{
    /// <summary>The weights are fitted to it.</summary>
    Train,

    /// <summary>It chooses the best weights and the learning rate.</summary>
    Validation,

    /// <summary>It is looked at once, at the end.</summary>
    Test,
}
