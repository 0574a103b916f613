using Histonic.Statistics;
using Histonic.Statistics.Classification;

namespace Histonic.Reports.Evaluation;

/// <summary>The metrics of a classification.</summary>
internal static class ClassMeasures
{
    /// <summary>The metrics of some rows, the main one first.</summary>
    /// <param name="classes">The classes, in the order of the probabilities.</param>
    /// <param name="rows">The rows, labelled.</param>
    public static Measure[] Of(IReadOnlyList<string> classes, ScoredPrediction[] rows)
    {
        // names become numbers once, not in every resample
        var places = classes.Select((name, i) => (name, i)).ToDictionary(StringComparer.Ordinal);
        var truth = Array.ConvertAll(rows, row => places[row.Prediction.Label!]);
        var predicted = Array.ConvertAll(rows, row => row.Prediction.PredictedClass is { } name ? places[name] : -1);
        var oneClass =
            truth.AsSpan().IndexOfAnyExcept(truth[0]) < 0
                ? $"all {rows.Length} slides are of class {classes[truth[0]]}"
                : null;
        var noClass = predicted.Contains(-1)
            ? "the predictions are scores that are no probabilities, from which no class follows"
            : null;
        var complete = rows.All(row => row.Prediction.Probabilities.Count == classes.Count);
        var noScores =
            classes.Count > 2 && !complete ? "with more than two classes it needs a probability of each" : null;
        var noProbabilities = complete ? null : "it needs probabilities, and the predictions are classes or scores";
        double[] probabilities = complete ? [.. rows.SelectMany(row => row.Prediction.Probabilities)] : [];
        var binary = classes.Count == 2;
        var scores = Array.ConvertAll(rows, row => row.Prediction.Score);
        var positives = Array.ConvertAll(truth, k => k == 1);
        List<Measure> measures = [];
        if (binary)
        {
            measures.Add(OfScores(Metric.Auc, (x, y) => RocCurve.Area(x, y)));
            measures.Add(
                Measure.Direct(
                    Metric.AucByDeLong,
                    oneClass,
                    groups => DeLong.Area(scores, positives, EvaluationOptions.Level, groups: groups)
                )
            );
            measures.Add(OfScores(Metric.AveragePrecision, (x, y) => PrecisionRecall.Average(x, y)));
        }
        else
        {
            measures.Add(
                OfProbabilities(
                    Metric.Auc,
                    oneClass ?? noScores,
                    (p, k) => OneVersusRest.MacroArea(p, k, classes.Count)
                )
            );
            measures.Add(
                OfProbabilities(
                    Metric.AveragePrecision,
                    oneClass ?? noScores,
                    (p, k) => OneVersusRest.MacroAveragePrecision(p, k, classes.Count)
                )
            );
        }

        measures.AddRange([
            OfClasses(Metric.Accuracy, noClass, matrix => matrix.Accuracy),
            OfClasses(Metric.BalancedAccuracy, noClass ?? oneClass, matrix => matrix.BalancedAccuracy),
            OfClasses(Metric.F1, noClass ?? oneClass, matrix => binary ? matrix.F1(1) : matrix.MacroF1),
            OfClasses(Metric.Kappa, noClass ?? oneClass, matrix => matrix.Kappa),
        ]);
        // with two classes it is kappa
        if (classes.Count > 2)
            measures.Add(OfClasses(Metric.QuadraticKappa, noClass ?? oneClass, matrix => matrix.QuadraticKappa));
        double[] second = complete && binary ? Array.ConvertAll(rows, row => row.Prediction.Probabilities[1]) : [];
        measures.Add(
            binary
                ? OfPairs(Metric.Brier, noProbabilities, second, (x, y) => Calibration.Brier(x, y))
                : OfProbabilities(Metric.Brier, noProbabilities, (p, k) => Calibration.Brier(p, k, classes.Count))
        );
        measures.Add(
            binary
                ? OfPairs(Metric.CalibrationError, noProbabilities, second, (x, y) => Calibration.ExpectedError(x, y))
                : OfProbabilities(
                    Metric.CalibrationError,
                    noProbabilities,
                    (p, k) => Calibration.ExpectedError(p, k, classes.Count)
                )
        );
        return [.. measures];

        Measure OfScores(Metric metric, Func<double[], bool[], double> value) =>
            OfPairs(metric, oneClass, scores, value);

        Measure OfPairs(Metric metric, string? obstacle, double[] values, Func<double[], bool[], double> value) =>
            Measure.Resampled(
                metric,
                obstacle,
                sample => value(Measure.At(values, sample), Measure.At(positives, sample))
            );

        Measure OfProbabilities(Metric metric, string? obstacle, Func<double[], int[], double> value) =>
            Measure.Resampled(
                metric,
                obstacle,
                sample =>
                {
                    var drawn = new double[sample.Length * classes.Count];
                    for (var i = 0; i < sample.Length; i++)
                        probabilities
                            .AsSpan(sample[i] * classes.Count, classes.Count)
                            .CopyTo(drawn.AsSpan(i * classes.Count));
                    return value(drawn, Measure.At(truth, sample));
                }
            );

        Measure OfClasses(Metric metric, string? obstacle, Func<ConfusionMatrix, double> value) =>
            Measure.Resampled(
                metric,
                obstacle,
                sample =>
                {
                    var labels = Measure.At(truth, sample);
                    // as the AUC is: on resamples that hold one class only, these say nothing of telling classes apart
                    if (metric != Metric.Accuracy && labels.AsSpan().IndexOfAnyExcept(labels[0]) < 0)
                        throw new StatisticsException("All rows are of one class.");
                    return value(new ConfusionMatrix(labels, Measure.At(predicted, sample), classes.Count));
                }
            );
    }
}
