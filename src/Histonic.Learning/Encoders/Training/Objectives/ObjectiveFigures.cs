using Histonic.Statistics;

namespace Histonic.Learning.Encoders.Training.Objectives;

/// <summary>How well held-out patches are done, with 95 % intervals by patient or slide.</summary>
/// <param name="Name">What is measured: a task's name; "patches" without tasks.</param>
/// <param name="Groups">From how many patients or slides the patches come.</param>
/// <param name="Figures">By the figure's name (auc, balanced_accuracy, accuracy, …); empty without a patch.</param>
internal sealed record ObjectiveFigures(string Name, int Groups, IReadOnlyDictionary<string, Estimate> Figures);
