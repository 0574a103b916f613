using Histonic.Reports.Evaluation;
using Histonic.Slides.Cohorts;

namespace Histonic.Reports.Pages;

/// <summary>One run of a report.</summary>
/// <param name="Title">What was predicted.</param>
/// <param name="Description">How, in one sentence with its full stop; may be empty.</param>
/// <param name="Predictions">The predictions.</param>
/// <param name="Result">How good they are.</param>
/// <param name="Examples">Slides with heat maps; may be empty.</param>
public sealed record RunSection(
    string Title,
    string Description,
    PredictionTable Predictions,
    EvaluationResult Result,
    IReadOnlyList<ExampleSlide> Examples
)
{
    /// <summary>Gets the slides whose predictions are most wrong, with their pictures; may be empty.</summary>
    public IReadOnlyList<WorstSlide> Worst { get; init; } = [];
}
