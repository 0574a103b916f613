namespace Histonic.Slides.Tiling;

/// <summary>What becomes of patches whose pixels cannot be decoded.</summary>
public enum DamagePolicy
{
    /// <summary>Reading fails.</summary>
    Fail,

    /// <summary>They are white, and counted.</summary>
    Blank,
}
