using Histonic.Statistics.Survival;

namespace Histonic.Reports.Evaluation;

/// <summary>
/// Patients split into low and high predicted risk at the median of their fold. One entry a patient: the slides' risks are
/// averaged, for a log-rank test takes its entries for independent.
/// </summary>
/// <param name="Low">The survival of those at or below the median; null when there are none.</param>
/// <param name="High">The survival of those above; null when there are none.</param>
/// <param name="Test">The log-rank test of the two; null when it cannot be made.</param>
/// <param name="Reason">Why there is no test, as a sentence; null when there is one.</param>
public sealed record RiskGroups(KaplanMeier? Low, KaplanMeier? High, LogRank? Test, string? Reason);
