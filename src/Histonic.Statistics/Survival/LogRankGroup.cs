namespace Histonic.Statistics.Survival;

/// <summary>One group of a log-rank test.</summary>
/// <param name="Group">The group's number, as given.</param>
/// <param name="N">Its patients.</param>
/// <param name="Observed">Its events.</param>
/// <param name="Expected">The events expected if all groups had one survival curve; the sum over groups is that of the observed.</param>
public readonly record struct LogRankGroup(int Group, int N, int Observed, double Expected);
