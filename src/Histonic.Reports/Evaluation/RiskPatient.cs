namespace Histonic.Reports.Evaluation;

/// <summary>
/// One patient of a survival target, the slides' risks averaged: tests and models take their entries for independent.
/// </summary>
/// <param name="Time">The time to the event or to the end of observation.</param>
/// <param name="Event">Whether the event was seen.</param>
/// <param name="Rank">The mean place of the slides' risks among those of their fold, from 0 to 1.</param>
/// <param name="Risk">The mean risk in standard deviations of the fold from its mean.</param>
internal readonly record struct RiskPatient(double Time, bool Event, double Rank, double Risk)
{
    /// <summary>Whether the risk lies above the median of the fold.</summary>
    public bool IsHigh => Rank > 0.5 + 1e-12;

    /// <summary>The patients of some rows, in order of appearance.</summary>
    public static RiskPatient[] Of(ScoredPrediction[] rows)
    {
        var risks = new double[rows.Length];
        foreach (var fold in Enumerable.Range(0, rows.Length).GroupBy(i => rows[i].Prediction.Fold))
        {
            int[] members = [.. fold];
            var mean = members.Average(i => rows[i].Prediction.Score);
            var spread = Math.Sqrt(members.Average(i => Math.Pow(rows[i].Prediction.Score - mean, 2)));
            foreach (var i in members)
                risks[i] = spread > 0 ? (rows[i].Prediction.Score - mean) / spread : 0;
        }

        return
        [
            .. Enumerable
                .Range(0, rows.Length)
                .GroupBy(i => (rows[i].Prediction.Patient, rows[i].Prediction.Time, rows[i].Prediction.Event))
                .Select(slides => new RiskPatient(
                    slides.Key.Time!.Value,
                    slides.Key.Event!.Value,
                    slides.Average(i => rows[i].RiskRank!.Value),
                    slides.Average(i => risks[i])
                )),
        ];
    }
}
