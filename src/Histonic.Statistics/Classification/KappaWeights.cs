namespace Histonic.Statistics.Classification;

/// <summary>How a disagreement weighs in Cohen's kappa. Linear and quadratic are for ordered classes.</summary>
public enum KappaWeights
{
    /// <summary>Every disagreement weighs the same (Cohen 1960).</summary>
    None,

    /// <summary>By the distance of the two classes (Cicchetti and Allison 1971).</summary>
    Linear,

    /// <summary>By its square (Cohen 1968; Fleiss and Cohen 1973).</summary>
    Quadratic,
}
