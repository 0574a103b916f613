namespace Histonic.Statistics.Testing;

/// <summary>The difference of two models on the data, after some rows' predictions were exchanged between the models.</summary>
/// <param name="swapped">Whether the row's two predictions are exchanged, row by row; the span is reused.</param>
/// <returns>A finite number, 0 in the mean if the models are exchangeable.</returns>
public delegate double SwappedStatistic(ReadOnlySpan<bool> swapped);
