using Histonic.Slides.Cohorts;

namespace Histonic.Reports.Evaluation;

/// <summary>Two runs compared on the slides that both predicted.</summary>
/// <param name="FirstName">What the first run is called.</param>
/// <param name="SecondName">What the second run is called.</param>
/// <param name="Target">What both predicted.</param>
/// <param name="Slides">How many slides (predictions) both have.</param>
/// <param name="Patients">From how many patients they are.</param>
/// <param name="Metrics">The target's metrics, the main one first.</param>
/// <param name="Notes">What a reader must know to read the figures, each a sentence.</param>
public sealed record RunComparison(
    string FirstName,
    string SecondName,
    TargetSpec Target,
    int Slides,
    int Patients,
    IReadOnlyList<ComparedMetric> Metrics,
    IReadOnlyList<string> Notes
);
