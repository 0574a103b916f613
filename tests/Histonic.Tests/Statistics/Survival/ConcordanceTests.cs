using CsCheck;
using Histonic.Statistics;
using Histonic.Statistics.Survival;
using Histonic.Tests.Support;

namespace Histonic.Tests.Statistics.Survival;

public sealed class ConcordanceTests
{
    [Theory, MemberData(nameof(SurvivalData.Names), MemberType = typeof(SurvivalData))]
    public void Harrell_is_that_of_R(string name)
    {
        var data = SurvivalData.Read(name);

        Assert.Equal(
            GoldenTable.Read("statistics_survival.csv").Where("data", name)["harrell"],
            Concordance.Harrell(data.Times, data.Events, data.Risks),
            1e-12
        );
    }

    [Fact]
    public void Harrell_equals_a_count_of_all_pairs() =>
        Gen.Select(Gen.Int[0, 12].Select(t => (double)t), Gen.Bool, Gen.Int[-4, 4].Select(r => (double)r))
            .Array[1, 40]
            .Sample(rows =>
            {
                double agreeing = 0,
                    comparable = 0;
                foreach (var (time, died, risk) in rows)
                {
                    foreach (var (later, laterDied, laterRisk) in rows)
                    {
                        if (!died || later < time || (later == time && laterDied))
                            continue;
                        comparable++;
                        agreeing += (Math.Sign(risk - laterRisk) + 1) / 2.0;
                    }
                }

                var (times, events, risks) = (
                    rows.Select(row => row.Item1).ToArray(),
                    rows.Select(row => row.Item2).ToArray(),
                    rows.Select(row => row.Item3).ToArray()
                );
                if (comparable == 0)
                    Assert.Throws<StatisticsException>(() => Concordance.Harrell(times, events, risks));
                else
                    Assert.Equal(agreeing / comparable, Concordance.Harrell(times, events, risks), 12);
            });

    [Fact]
    public void An_event_at_the_time_of_a_censoring_is_comparable_and_comes_first() =>
        Assert.Equal(1, Concordance.Harrell([5, 5], [true, false], [2, 1]));

    [Fact]
    public void All_censored_is_refused_by_name()
    {
        var error = Assert.Throws<StatisticsException>(() => Concordance.Harrell([1, 2], [false, false], [1, 2]));

        Assert.Contains("all 2 patients are censored", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_risk_that_is_not_a_number_is_refused_with_its_row()
    {
        var error = Assert.Throws<StatisticsException>(() =>
            Concordance.Harrell([1, 2], [true, true], [1, double.NaN])
        );

        Assert.Contains("risks: row 1", error.Message, StringComparison.Ordinal);
    }
}
