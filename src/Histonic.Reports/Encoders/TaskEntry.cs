namespace Histonic.Reports.Encoders;

/// <summary>A task on a page.</summary>
/// <param name="Name">What it is called there; no two are called alike.</param>
/// <param name="Classes">Its classes, in order.</param>
/// <param name="Patches">The number of test patches.</param>
/// <param name="Groups">From how many patients or slides they come.</param>
/// <param name="FewGroups">Whether these are so few that an interval says little.</param>
public sealed record TaskEntry(string Name, IReadOnlyList<string> Classes, int Patches, int Groups, bool FewGroups);
