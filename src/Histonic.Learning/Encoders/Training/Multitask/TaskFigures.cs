using Histonic.Statistics;

namespace Histonic.Learning.Encoders.Training.Multitask;

/// <summary>How well one task is done in the end, with 95 % intervals by patient or slide.</summary>
/// <param name="Name">The task.</param>
/// <param name="Validation">By figure: auc, balanced_accuracy, accuracy. The best weights were chosen by these patches.</param>
/// <param name="Test">The same on patches that were never looked at; empty when there are none or the training was stopped.</param>
public sealed record TaskFigures(
    string Name,
    IReadOnlyDictionary<string, Estimate> Validation,
    IReadOnlyDictionary<string, Estimate> Test
);
