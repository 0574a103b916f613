using Histonic.Statistics.Survival;

namespace Histonic.Reports.Evaluation;

/// <summary>The metrics of a survival target.</summary>
internal static class RiskMeasures
{
    /// <summary>The metrics of some rows, the main one first.</summary>
    /// <param name="rows">The rows, labelled, with ranks of risk.</param>
    /// <param name="acrossFolds">Whether risks are compared by their rank within the fold, for they are of several networks.</param>
    /// <param name="horizons">The times; null where there are none.</param>
    /// <param name="curves">Predicted survival; null where there are no horizons.</param>
    public static Measure[] Of(ScoredPrediction[] rows, bool acrossFolds, Horizons? horizons, SurvivalCurves? curves)
    {
        var times = Array.ConvertAll(rows, row => row.Prediction.Time!.Value);
        var events = Array.ConvertAll(rows, row => row.Prediction.Event!.Value);
        var risks = Array.ConvertAll(rows, row => acrossFolds ? row.RiskRank!.Value : row.Prediction.Score);
        List<Measure> measures = [OfRisks(Metric.Concordance, null, Concordance.Harrell)];
        var noTimes = horizons is null
            ? $"too few of the {times.Length} slides had the event while others were still observed"
            : null;
        measures.Add(OfRisks(Metric.UnoConcordance, noTimes, (t, e, r) => Concordance.Uno(t, e, r, horizons!.Tau)));
        foreach (var time in horizons?.Times ?? [])
            measures.Add(OfRisks(Metric.AucAt(time), null, (t, e, r) => TimeDependentAuc.At(t, e, r, time)));
        var noCurves = noTimes ?? curves?.Obstacle;
        measures.Add(OfCurves(Metric.IntegratedBrier, noCurves is null ? curves!.Model(rows) : []));
        measures.Add(OfCurves(Metric.NullIntegratedBrier, noCurves is null ? curves!.Null(rows) : []));
        measures.Add(OfCox(Metric.HazardRatio, "the predicted risk", patient => patient.Risk));
        measures.Add(OfCox(Metric.GroupHazardRatio, "the risk group", patient => patient.IsHigh ? 1 : 0));
        return [.. measures];

        Measure OfRisks(Metric metric, string? obstacle, Risk value) =>
            Measure.Resampled(
                metric,
                obstacle,
                sample => value(Measure.At(times, sample), Measure.At(events, sample), Measure.At(risks, sample))
            );

        Measure OfCurves(Metric metric, double[][] survival) =>
            Measure.Resampled(
                metric,
                noCurves,
                sample =>
                {
                    var drawn = new double[survival.Length][];
                    for (var k = 0; k < drawn.Length; k++)
                        drawn[k] = Measure.At(survival[k], sample);
                    return SurvivalBrier.Integrated(
                        Measure.At(times, sample),
                        Measure.At(events, sample),
                        drawn,
                        curves!.Times
                    );
                }
            );

        Measure OfCox(Metric metric, string name, Func<RiskPatient, double> covariate) =>
            Measure.Direct(
                metric,
                null,
                _ =>
                {
                    var patients = RiskPatient.Of(rows);
                    return CoxRegression
                        .Fit(
                            Array.ConvertAll(patients, patient => patient.Time),
                            Array.ConvertAll(patients, patient => patient.Event),
                            [
                                [.. patients.Select(covariate)],
                            ],
                            new CoxOptions { Names = [name], Level = EvaluationOptions.Level }
                        )
                        .Coefficients[0]
                        .HazardRatio;
                }
            );
    }

    private delegate double Risk(ReadOnlySpan<double> times, ReadOnlySpan<bool> events, ReadOnlySpan<double> risks);
}
