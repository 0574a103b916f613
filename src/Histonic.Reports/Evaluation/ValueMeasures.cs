using Histonic.Statistics.Regression;

namespace Histonic.Reports.Evaluation;

/// <summary>The metrics of a regression.</summary>
internal static class ValueMeasures
{
    /// <summary>The metrics of some rows, the main one first.</summary>
    /// <param name="rows">The rows, labelled.</param>
    public static Measure[] Of(ScoredPrediction[] rows)
    {
        var truth = Array.ConvertAll(rows, row => row.Prediction.Value!.Value);
        var predicted = Array.ConvertAll(rows, row => row.Prediction.Score);
        var constantTruth = Constant(truth, "the truth of");
        var constant = constantTruth ?? Constant(predicted, "the prediction for");
        return
        [
            Paired(Metric.Spearman, constant, (x, y) => Correlation.Spearman(x, y)),
            Paired(Metric.Pearson, constant, (x, y) => Correlation.Pearson(x, y)),
            Paired(Metric.Mae, null, (x, y) => Errors.MeanAbsolute(x, y)),
            Paired(Metric.Rmse, null, (x, y) => Errors.RootMeanSquare(x, y)),
            Paired(Metric.RSquared, constantTruth, (x, y) => Errors.RSquared(x, y)),
        ];

        Measure Paired(Metric metric, string? obstacle, Func<double[], double[], double> value) =>
            Measure.Resampled(
                metric,
                obstacle,
                sample => value(Measure.At(truth, sample), Measure.At(predicted, sample))
            );
    }

    private static string? Constant(double[] values, string what) =>
        values.AsSpan().IndexOfAnyExcept(values[0]) < 0
            ? FormattableString.Invariant($"{what} all {values.Length} slides is {values[0]}")
            : null;
}
