using Histonic.Reports.Evaluation;
using Histonic.Slides.Cohorts;

namespace Histonic.Reports.Viewing;

/// <summary>A run that the viewer shows: a folder with predictions.csv and metrics.json.</summary>
/// <param name="Id">What its addresses call it.</param>
/// <param name="Name">Its folder, from the folder that is shown.</param>
/// <param name="Predictions">Its predictions; null when they cannot be read.</param>
/// <param name="Problem">Why not; null when they can.</param>
public sealed record ViewedRun(string Id, string Name, PredictionTable? Predictions, string? Problem)
{
    private readonly Lazy<EvaluationResult>? _result = Predictions is null
        ? null
        : new Lazy<EvaluationResult>(() =>
            Evaluator.Evaluate(
                Predictions,
                new EvaluationOptions { Threads = Environment.ProcessorCount },
                $"{Name}/predictions.csv"
            )
        );

    /// <summary>Gets how good its predictions are, worked out when first asked for.</summary>
    /// <exception cref="Histonic.Slides.InputException">None can be scored.</exception>
    public EvaluationResult Result =>
        _result?.Value ?? throw new InvalidOperationException("A run without predictions has no result.");
}
