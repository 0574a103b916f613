namespace Histonic.Statistics.Intervals;

/// <summary>A statistic of some rows of the data, of which any may be there several times or not at all.</summary>
/// <param name="rows">Row numbers from 0 to n − 1; the span is reused, so copy what must outlive the call.</param>
/// <returns>The statistic. A <see cref="StatisticsException"/> says that these rows do not determine it.</returns>
public delegate double ResampledStatistic(ReadOnlySpan<int> rows);
