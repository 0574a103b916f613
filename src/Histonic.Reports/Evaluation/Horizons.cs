namespace Histonic.Reports.Evaluation;

/// <summary>The times that the figures of a survival target speak of, in the target's unit.</summary>
/// <param name="Times">The times of the time-dependent AUC, ascending.</param>
/// <param name="Tau">
/// τ, up to which Uno's C and the integrated Brier score look: the latest event that at least a tenth of the slides (and two)
/// were observed as long as. Later, few patients would decide.
/// </param>
public sealed record Horizons(IReadOnlyList<double> Times, double Tau)
{
    private static readonly double[] _quartiles = [0.25, 0.5, 0.75];

    /// <summary>The times for some rows; null where no event was seen before the last of two.</summary>
    internal static Horizons? Of(ScoredPrediction[] rows, IReadOnlyList<double> given)
    {
        double[] all = [.. rows.Select(row => row.Prediction.Time!.Value).Order()];
        double[] events =
        [
            .. rows.Where(row => row.Prediction.Event!.Value).Select(row => row.Prediction.Time!.Value).Order(),
        ];
        if (all.Length < 2)
            return null;
        var last = all[^(int)Math.Max(2, Math.Ceiling(all.Length / 10.0))];
        double[] early = [.. events.Where(time => time > 0 && time <= last)];
        if (early.Length == 0)
            return null;
        double[] times =
            given.Count > 0
                ? [.. given]
                : [.. _quartiles.Select(share => events[(int)Math.Ceiling(share * events.Length) - 1])];
        return new Horizons([.. times.Distinct().Order()], early[^1]);
    }
}
