using Histonic.Reports.Evaluation;
using Histonic.Slides.Cohorts;
using Histonic.Slides.Reading;

namespace Histonic.Reports.Pages;

/// <summary>A slide whose prediction is among the most wrong, shown so that one can look for the reason.</summary>
/// <param name="Row">Its prediction.</param>
/// <param name="Thumbnail">The slide.</param>
public sealed record WorstSlide(ScoredPrediction Row, RgbImage Thumbnail)
{
    private const int Most = 8;

    /// <summary>The slides with the largest errors, the largest first; those that are right are none of them.</summary>
    /// <param name="result">The scored predictions.</param>
    /// <param name="pictureOf">The thumbnail of a slide; null where there is none.</param>
    /// <returns>At most 8.</returns>
    public static IReadOnlyList<WorstSlide> Of(EvaluationResult result, Func<string, RgbImage?> pictureOf) =>
        [
            .. result
                .Rows.Where(row => row.Error > 0 && !IsRight(row.Prediction))
                .OrderByDescending(row => row.Error)
                .ThenBy(row => row.Prediction.Slide, StringComparer.Ordinal)
                .Take(Most)
                .Select(row => (Row: row, Picture: pictureOf(row.Prediction.Slide)))
                .Where(one => one.Picture is not null)
                .Select(one => new WorstSlide(one.Row, one.Picture!)),
        ];

    private static bool IsRight(Prediction row) =>
        row is { Label: { } label, PredictedClass: { } predicted }
        && string.Equals(label, predicted, StringComparison.Ordinal);
}
