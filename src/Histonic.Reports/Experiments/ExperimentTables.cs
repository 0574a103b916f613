using Histonic.Slides.Cohorts;

namespace Histonic.Reports.Experiments;

/// <summary>Writes an experiment's results as CSV (docs/experiments.md lists the columns).</summary>
public static class ExperimentTables
{
    /// <summary>Writes results.csv, summary.csv, comparisons.csv, tasks.csv and tasks-correlation.csv.</summary>
    /// <param name="folder">Where.</param>
    /// <param name="results">The results.</param>
    /// <exception cref="Histonic.Slides.InputException">A file cannot be written.</exception>
    public static void Write(string folder, ExperimentResults results)
    {
        CsvTable.Write(
            Path.Combine(folder, "results.csv"),
            [
                "encoder",
                "origin",
                "tasks",
                "encoder_seed",
                "predictor_seed",
                "target",
                "metric",
                "n",
                "patients",
                "value",
                "low",
                "high",
                "reason",
                "run",
            ],
            results.Scores.Select(score =>
                (IReadOnlyList<object?>)
                    [
                        score.Entry.Encoder,
                        score.Entry.Origin,
                        string.Join(';', score.Entry.Tasks),
                        score.Entry.EncoderSeed,
                        score.Entry.PredictorSeed,
                        score.Entry.Target,
                        score.Score?.Key,
                        score.Slides,
                        score.Patients,
                        score.Score?.Estimate?.Value,
                        score.Score?.Estimate?.Low,
                        score.Score?.Estimate?.High,
                        score.Entry.Failure ?? score.Score?.Reason,
                        Path.GetRelativePath(folder, score.Entry.Folder).Replace('\\', '/'),
                    ]
            )
        );
        CsvTable.Write(
            Path.Combine(folder, "summary.csv"),
            [
                "encoder",
                "origin",
                "tasks",
                "target",
                "metric",
                "predictors",
                "failed",
                "mean",
                "sd_seeds",
                "least",
                "greatest",
                "n",
                "patients",
                "averaged",
                "low",
                "high",
                "reason",
            ],
            results.Summaries.Select(one =>
                (IReadOnlyList<object?>)
                    [
                        one.Encoder,
                        one.Origin,
                        string.Join(';', one.Tasks),
                        one.Target,
                        one.Metric?.Key,
                        one.Values.Count,
                        one.Missing,
                        one.Values.Count == 0 ? null : one.Mean,
                        one.Spread,
                        one.Values.Count == 0 ? null : one.Values.Min(value => value.Value),
                        one.Values.Count == 0 ? null : one.Values.Max(value => value.Value),
                        one.Slides,
                        one.Patients,
                        one.Averaged?.Value,
                        one.Averaged?.Low,
                        one.Averaged?.High,
                        one.Reason,
                    ]
            )
        );
        CsvTable.Write(
            Path.Combine(folder, "comparisons.csv"),
            [
                "target",
                "first",
                "second",
                "metric",
                "test",
                "n",
                "patients",
                "first_value",
                "second_value",
                "difference",
                "low",
                "high",
                "p",
                "p_holm",
                "reason",
            ],
            results.Comparisons.Select(one =>
                (IReadOnlyList<object?>)
                    [
                        one.Target,
                        one.First,
                        one.Second,
                        one.Metric,
                        one.Test,
                        one.Slides,
                        one.Patients,
                        one.Values?.First.Value,
                        one.Values?.Second.Value,
                        one.Values?.Difference.Value,
                        one.Values?.Difference.Low,
                        one.Values?.Difference.High,
                        one.Values?.PValue,
                        one.AdjustedP,
                        one.Reason,
                    ]
            )
        );
        CsvTable.Write(
            Path.Combine(folder, "tasks.csv"),
            ["target", "metric", "number", "encoder", "predictors", "mean", "sd_seeds", "averaged", "low", "high"],
            results.Curves.SelectMany(curve =>
                curve.Points.Select(point =>
                    (IReadOnlyList<object?>)
                        [
                            curve.Target,
                            curve.Metric.Key,
                            point.Tasks.Count,
                            point.Encoder,
                            point.Values.Count,
                            point.Mean,
                            point.Spread,
                            point.Averaged?.Value,
                            point.Averaged?.Low,
                            point.Averaged?.High,
                        ]
                )
            )
        );
        CsvTable.Write(
            Path.Combine(folder, "tasks-correlation.csv"),
            ["target", "metric", "encoders", "spearman", "low", "high", "reason", "interval"],
            results.Curves.Select(curve =>
                (IReadOnlyList<object?>)
                    [
                        curve.Target,
                        curve.Metric.Key,
                        curve.Points.Count,
                        curve.Rho?.Value,
                        curve.Rho?.Low,
                        curve.Rho?.High,
                        curve.Reason,
                        TaskCurve.Method,
                    ]
            )
        );
    }
}
