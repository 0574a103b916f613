using Histonic.Reports.Evaluation;

namespace Histonic.Reports.Experiments;

/// <summary>The target's main metric of one predictor: a row of results.csv.</summary>
/// <param name="Entry">The predictor.</param>
/// <param name="Slides">How many slides it was scored on.</param>
/// <param name="Patients">Of how many patients.</param>
/// <param name="Score">The metric with its interval over patients, or why there is none; null where the predictor failed.</param>
public sealed record ExperimentScore(ExperimentEntry Entry, int Slides, int Patients, Score? Score);
