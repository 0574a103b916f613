namespace Histonic.Statistics.Survival;

/// <summary>The function of time along which a covariate's effect may drift in a test of proportional hazards.</summary>
public enum TimeScale
{
    /// <summary>1 − the Kaplan-Meier curve just before: every event counts about alike, late outliers do not rule. R's default.</summary>
    KaplanMeier,

    /// <summary>Time itself.</summary>
    Identity,
}
