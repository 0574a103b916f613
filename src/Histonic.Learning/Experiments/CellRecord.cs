namespace Histonic.Learning.Experiments;

/// <summary>What is written of a cell that is done.</summary>
/// <param name="Label">What it was called.</param>
/// <param name="Version">The version of the program that made it.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="Depends">All it depends on, line by line.</param>
internal sealed record CellRecord(string Label, string Version, double Seconds, IReadOnlyList<string> Depends);
