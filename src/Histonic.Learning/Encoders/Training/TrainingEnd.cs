namespace Histonic.Learning.Encoders.Training;

/// <summary>Why a training ended.</summary>
public enum TrainingEnd
{
    /// <summary>All epochs or steps were done.</summary>
    Completed,

    /// <summary>Nothing got better any more at the least learning rate.</summary>
    EarlyStopped,

    /// <summary>The user stopped it; the best weights so far are kept.</summary>
    Cancelled,

    /// <summary>The loss was no longer a number; the best weights so far are kept.</summary>
    Diverged,
}
