namespace Histonic.Learning.Explanation;

/// <summary>A way to tell which parts of a slide drove its prediction.</summary>
public enum ExplanationMethod
{
    /// <summary>Maps of a convolution, weighed by the slope of the output at them.</summary>
    GradCam,

    /// <summary>How much each cell counted in a network of attention.</summary>
    Attention,

    /// <summary>What the output loses when cells are taken for background.</summary>
    Occlusion,
}
