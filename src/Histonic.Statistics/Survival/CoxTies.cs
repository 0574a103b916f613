namespace Histonic.Statistics.Survival;

/// <summary>How Cox's likelihood treats events at equal times. Without ties the two agree.</summary>
public enum CoxTies
{
    /// <summary>Efron (J Am Stat Assoc 1977; 72:557-65): near the exact likelihood; R's default.</summary>
    Efron,

    /// <summary>Breslow (Biometrics 1974; 30:89-99): simpler, biased towards 0 with many ties.</summary>
    Breslow,
}
