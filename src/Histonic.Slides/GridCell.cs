namespace Histonic.Slides;

/// <summary>One place of a grid.</summary>
/// <param name="Row">The row, from the top.</param>
/// <param name="Column">The column, from the left.</param>
public readonly record struct GridCell(int Row, int Column);
