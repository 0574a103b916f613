using CsCheck;

namespace Histonic.Tests.Statistics.Survival;

/// <summary>Small random survival data with many ties of every kind, and what a direct count on them needs.</summary>
internal static class SurvivalRows
{
    public static Gen<(double Time, bool Event, double Risk, int Group)[]> Gen { get; } =
        CsCheck
            .Gen.Select(
                CsCheck.Gen.Int[0, 12].Select(t => (double)t),
                CsCheck.Gen.Bool,
                CsCheck.Gen.Int[-4, 4].Select(r => (double)r),
                CsCheck.Gen.Int[0, 1]
            )
            .Array[2, 40];

    public static (double[] Times, bool[] Events, double[] Risks, int[] Groups) Columns(
        (double Time, bool Event, double Risk, int Group)[] rows
    ) =>
        (
            [.. rows.Select(row => row.Time)],
            [.. rows.Select(row => row.Event)],
            [.. rows.Select(row => row.Risk)],
            [.. rows.Select(row => row.Group)]
        );

    /// <summary>
    /// The probability of not being censored before a time (or, counted, up to and at it), as a product over the censoring
    /// times, those with an event at the same time no longer at risk.
    /// </summary>
    public static double Uncensored(double[] times, bool[] events, double time, bool counted)
    {
        var product = 1.0;
        foreach (var at in times.Where((t, i) => !events[i] && (t < time || (counted && t == time))).Distinct())
        {
            double censored = times.Where((t, i) => t == at && !events[i]).Count();
            product *= 1 - (censored / times.Where((t, i) => t > at || (t == at && !events[i])).Count());
        }

        return product;
    }
}
