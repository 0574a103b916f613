namespace Histonic.Learning.Encoders.Training;

/// <summary>How the losses of several tasks are weighted.</summary>
public enum LossWeighting
{
    /// <summary>All alike.</summary>
    Equal,

    /// <summary>As the tasks' own weights say.</summary>
    Given,

    /// <summary>By each task's learned uncertainty (Kendall, Gal and Cipolla, CVPR 2018).</summary>
    Uncertainty,
}
