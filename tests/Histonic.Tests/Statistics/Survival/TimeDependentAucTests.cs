using CsCheck;
using Histonic.Statistics;
using Histonic.Statistics.Survival;
using Histonic.Tests.Support;

namespace Histonic.Tests.Statistics.Survival;

/// <summary>Golden values: tests/golden/statistics_models.R (riskRegression).</summary>
public sealed class TimeDependentAucTests
{
    [Theory, MemberData(nameof(SurvivalData.Names), MemberType = typeof(SurvivalData))]
    public void Area_and_its_error_are_those_of_riskRegression(string name)
    {
        var data = SurvivalData.Read(name);
        var golden = GoldenTable.Read("statistics_models.csv").Where("data", name);

        for (var k = 0; k < 3; k++)
        {
            var horizon = golden[$"horizon_{k}"];
            var estimate = TimeDependentAuc.Interval(data.Times, data.Events, data.Risks, horizon);
            Assert.Equal(golden[$"auc_{k}"], estimate.Value, 1e-10);
            Assert.Equal(estimate.Value, TimeDependentAuc.At(data.Times, data.Events, data.Risks, horizon));
            Assert.Equal(golden[$"auc_error_{k}"], (estimate.High - estimate.Low) / 2 / 1.959963984540054, 1e-8);
        }

        Assert.Equal(
            golden["auc_mean"],
            TimeDependentAuc.Mean(
                data.Times,
                data.Events,
                data.Risks,
                [golden["horizon_0"], golden["horizon_1"], golden["horizon_2"]]
            ),
            1e-10
        );
    }

    [Fact]
    public void Area_equals_a_count_of_all_pairs() =>
        SurvivalRows.Gen.Sample(rows =>
        {
            var (times, events, risks, _) = SurvivalRows.Columns(rows);
            const double Horizon = 6;
            double agreeing = 0,
                all = 0;
            for (var i = 0; i < times.Length; i++)
            {
                for (var j = 0; j < times.Length; j++)
                {
                    if (!events[i] || times[i] > Horizon || times[j] <= Horizon)
                        continue;
                    var weight = 1 / SurvivalRows.Uncensored(times, events, times[i], counted: false);
                    all += weight;
                    agreeing += weight * (Math.Sign(risks[i] - risks[j]) + 1) / 2;
                }
            }

            if (all == 0)
                Assert.Throws<StatisticsException>(() => TimeDependentAuc.At(times, events, risks, Horizon));
            else
                Assert.Equal(agreeing / all, TimeDependentAuc.At(times, events, risks, Horizon), 1e-10);
        });

    [Fact]
    public void No_event_by_then_nobody_alive_after_it_and_NaN_are_refused_by_name()
    {
        Assert.Contains("none had the event by then", Refused(2), StringComparison.Ordinal);
        Assert.Contains("none was seen beyond it", Refused(9), StringComparison.Ordinal);
        Refused(double.NaN);
        Assert.Throws<StatisticsException>(() => TimeDependentAuc.At([1, 2], [true, true], [double.NaN, 1], 1));
        Assert.Throws<ArgumentException>(() => TimeDependentAuc.Mean([1, 2], [true, true], [2, 1], [2, 1]));

        static string Refused(double horizon) =>
            Assert
                .Throws<StatisticsException>(() =>
                    TimeDependentAuc.At([3, 4, 5], [true, true, false], [1, 2, 3], horizon)
                )
                .Message;
    }
}
