namespace Histonic.Statistics.Survival;

/// <summary>
/// The probability G of not being censored, by Kaplan-Meier with censorings as the events: what inverse-probability-of-
/// censoring weights divide by. At equal times events come before censorings, so those who had the event are no longer at
/// risk of being censored (R's survival, pec, riskRegression).
/// </summary>
internal sealed class CensoringCurve
{
    private readonly double[] _times;
    private readonly double[] _from;

    private CensoringCurve(double[] times, double[] from) => (_times, _from) = (times, from);

    public static CensoringCurve Fit(ReadOnlySpan<double> times, ReadOnlySpan<bool> events)
    {
        var order = Ranks.Order(times);
        List<double> steps = [],
            values = [1];
        for (var start = 0; start < order.Length; )
        {
            var time = times[order[start]];
            int end = start,
                censored = 0;
            for (; end < order.Length && times[order[end]] == time; end++)
                censored += events[order[end]] ? 0 : 1;
            if (censored > 0)
            {
                double atRisk = order.Length - end + censored;
                steps.Add(time);
                values.Add(values[^1] * ((atRisk - censored) / atRisk));
            }

            start = end;
        }

        return new([.. steps], [.. values]);
    }

    /// <summary>P(C ≥ time): above 0 wherever someone was seen.</summary>
    public double Before(double time) => _from[Count(time, counted: false)];

    /// <summary>P(C > time).</summary>
    public double At(double time) => _from[Count(time, counted: true)];

    /// <summary>How many censoring times lie before a time, or at it if that is counted.</summary>
    private int Count(double time, bool counted)
    {
        int low = 0,
            high = _times.Length;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_times[middle] < time || (counted && _times[middle] == time))
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }
}
