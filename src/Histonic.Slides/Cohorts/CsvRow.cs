namespace Histonic.Slides.Cohorts;

/// <summary>One row of a table.</summary>
/// <param name="Line">The line of the file it starts on, counted from 1.</param>
/// <param name="Fields">Its fields, trimmed, one a column of the header.</param>
public sealed record CsvRow(int Line, IReadOnlyList<string> Fields);
