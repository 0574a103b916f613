namespace Histonic.Statistics;

/// <summary>
/// The data do not determine the statistic: one class only, all censored, a constant, too few rows, a value that is not a
/// number. The message names the trouble in the words of the data, so that it can be shown as it stands.
/// A caller's mistake (arrays of different lengths, a level outside (0, 1)) is an <see cref="ArgumentException"/> instead.
/// </summary>
/// <param name="message">What is missing in the data.</param>
public sealed class StatisticsException(string message) : Exception(message);
