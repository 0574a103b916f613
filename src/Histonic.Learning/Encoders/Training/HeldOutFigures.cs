using Histonic.Statistics;

namespace Histonic.Learning.Encoders.Training;

/// <summary>How well held-out patches are done in the end, with 95 % intervals by patient or slide.</summary>
/// <param name="Name">What is measured: a task's name; "patches" without tasks.</param>
/// <param name="Validation">By the figure's name. The best weights were chosen by these patches.</param>
/// <param name="ValidationGroups">From how many patients or slides they come.</param>
/// <param name="Test">The same on patches that were never looked at; empty when there are none or the training was stopped.</param>
/// <param name="TestGroups">From how many patients or slides they come.</param>
public sealed record HeldOutFigures(
    string Name,
    IReadOnlyDictionary<string, Estimate> Validation,
    int ValidationGroups,
    IReadOnlyDictionary<string, Estimate> Test,
    int TestGroups
);
