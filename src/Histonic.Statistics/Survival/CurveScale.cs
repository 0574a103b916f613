namespace Histonic.Statistics.Survival;

/// <summary>The scale on which the interval of a survival curve is symmetric (R's <c>conf.type</c>).</summary>
public enum CurveScale
{
    /// <summary>log S: S·exp(±z·e), e² Greenwood's sum Σ d/(n(n − d)). R's default.</summary>
    Log,

    /// <summary>log(−log S): S to the power exp(±z·e / log S). Never outside [0, 1] (Kalbfleisch and Prentice 1980).</summary>
    LogLog,

    /// <summary>S itself: S ± z·S·e, cut to [0, 1].</summary>
    Plain,
}
