using Histonic.Slides.Cohorts;

namespace Histonic.Tests.Reports.Evaluation;

/// <summary>Small tables of predictions whose scores are known.</summary>
internal static class Tables
{
    public static PredictionTable Binary(IEnumerable<(string Label, double Score, int Fold)> rows) =>
        new(
            new TargetSpec.Classification("growth"),
            ["benign", "tumour"],
            [
                .. rows.Select(
                    (row, i) =>
                        new Prediction
                        {
                            Slide = $"s{i}",
                            Patient = $"p{i}",
                            Fold = row.Fold,
                            Label = row.Label,
                            Score = row.Score,
                            Probabilities = [1 - row.Score, row.Score],
                            PredictedClass = row.Score >= 0.5 ? "tumour" : "benign",
                        }
                ),
            ]
        );

    public static PredictionTable Numbers(IEnumerable<(double Truth, double Score)> rows) =>
        new(
            new TargetSpec.Regression("score"),
            [],
            [
                .. rows.Select(
                    (row, i) =>
                        new Prediction
                        {
                            Slide = $"s{i}",
                            Patient = $"p{i}",
                            Fold = 1 + (i % 2),
                            Value = row.Truth,
                            Score = row.Score,
                        }
                ),
            ]
        );

    public static PredictionTable Survival(
        IEnumerable<(double Time, bool Event, double Risk, int Fold)> rows,
        int slidesAPatient = 1
    ) =>
        new(
            new TargetSpec.Survival("time", "event"),
            [],
            [
                .. rows.Select(
                    (row, i) =>
                        new Prediction
                        {
                            Slide = $"s{i}",
                            Patient = $"p{i / slidesAPatient}",
                            Fold = row.Fold,
                            Time = row.Time,
                            Event = row.Event,
                            Score = row.Risk,
                        }
                ),
            ]
        );
}
