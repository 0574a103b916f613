using Histonic.Slides;
using Histonic.Statistics;
using Histonic.Statistics.Survival;

namespace Histonic.Reports.Evaluation;

/// <summary>
/// Predicted survival of every slide. A risk is known up to scale and shift, so the curves come from a Cox model of its rank
/// within the fold, and the curves without a model from Kaplan-Meier; both are fitted to other patients only, dealt into five parts.
/// </summary>
internal sealed class SurvivalCurves
{
    private const int Parts = 5;
    private const int Steps = 50;

    private readonly Dictionary<ScoredPrediction, (double[] Model, double[] Null)> _curves = new(
        ReferenceEqualityComparer.Instance
    );

    private SurvivalCurves(double[] times) => Times = times;

    /// <summary>Gets the times of the curves' points: 0 to τ in equal steps.</summary>
    public double[] Times { get; }

    /// <summary>Gets why there are no curves; null when there are.</summary>
    public string? Obstacle { get; private set; }

    /// <summary>Fits the curves.</summary>
    /// <param name="rows">The rows, labelled, with ranks of risk.</param>
    /// <param name="tau">The last time.</param>
    /// <param name="seed">Deals the patients.</param>
    public static SurvivalCurves Fit(ScoredPrediction[] rows, double tau, Seed seed)
    {
        var curves = new SurvivalCurves([.. Enumerable.Range(0, Steps + 1).Select(k => tau * k / Steps)]);
        string[] patients = [.. rows.Select(row => row.Prediction.Patient).Distinct(StringComparer.Ordinal)];
        new Random(seed.Number("survival curves")).Shuffle(patients);
        var parts = patients.Select((name, i) => (name, i % Parts)).ToDictionary(StringComparer.Ordinal);
        try
        {
            for (var part = 0; part < Math.Min(Parts, patients.Length); part++)
                curves.FitPart(
                    [.. rows.Where(row => parts[row.Prediction.Patient] != part)],
                    rows.Where(row => parts[row.Prediction.Patient] == part)
                );
        }
        catch (StatisticsException error)
        {
            curves.Obstacle = $"no survival curves follow from the risks: {error.Message.TrimEnd('.')}";
        }

        return curves;
    }

    /// <summary>The predicted survival of some rows, time by time.</summary>
    public double[][] Model(ScoredPrediction[] rows) =>
        [.. Times.Select((_, k) => Array.ConvertAll(rows, row => _curves[row].Model[k]))];

    /// <summary>The survival of some rows without a model, time by time.</summary>
    public double[][] Null(ScoredPrediction[] rows) =>
        [.. Times.Select((_, k) => Array.ConvertAll(rows, row => _curves[row].Null[k]))];

    // By slides, as they are judged: a model of patients' mean ranks, which spread less, would take a slide's too seriously.
    private void FitPart(ScoredPrediction[] others, IEnumerable<ScoredPrediction> own)
    {
        var times = Array.ConvertAll(others, row => row.Prediction.Time!.Value);
        var events = Array.ConvertAll(others, row => row.Prediction.Event!.Value);
        var cox = CoxRegression.Fit(
            times,
            events,
            [Array.ConvertAll(others, row => row.RiskRank!.Value)],
            new CoxOptions { Names = ["the rank of risk"] }
        );
        var curve = KaplanMeier.Fit(times, events);
        var hazard = Array.ConvertAll(Times, time => cox.BaselineHazardAt(time));
        var without = Array.ConvertAll(Times, curve.SurvivalAt);
        foreach (var row in own)
        {
            var ratio = Math.Exp(cox.LinearPredictor([row.RiskRank!.Value]));
            _curves[row] = (Array.ConvertAll(hazard, h => Math.Exp(-h * ratio)), without);
        }
    }
}
