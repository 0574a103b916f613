using CsCheck;
using Histonic.Statistics;
using Histonic.Statistics.Survival;
using Histonic.Tests.Support;

namespace Histonic.Tests.Statistics.Survival;

public sealed class LogRankTests
{
    [Theory, MemberData(nameof(SurvivalData.Names), MemberType = typeof(SurvivalData))]
    public void Statistic_p_value_and_expected_events_are_those_of_R(string name)
    {
        var data = SurvivalData.Read(name);
        var golden = GoldenTable.Read("statistics_survival.csv").Where("data", name);

        var test = LogRank.Test(data.Times, data.Events, data.Groups);

        Assert.Equal(golden["logrank"], test.ChiSquare, 1e-9);
        Assert.Equal(golden["logrank_p"], test.PValue, 1e-12);
        Assert.Equal(test.Groups.Count - 1, test.DegreesOfFreedom);
        foreach (var group in test.Groups)
        {
            Assert.Equal(golden[$"observed_{group.Group}"], group.Observed);
            Assert.Equal(golden[$"expected_{group.Group}"], group.Expected, 1e-9);
        }
    }

    [Theory, MemberData(nameof(SurvivalData.Names), MemberType = typeof(SurvivalData))]
    public void Within_strata_it_is_that_of_R(string name)
    {
        var data = SurvivalData.Read(name);

        Assert.Equal(
            GoldenTable.Read("statistics_models.csv").Where("data", name)["logrank_strata"],
            LogRank.Test(data.Times, data.Events, data.Groups, data.Halves).ChiSquare,
            1e-9
        );
    }

    [Fact]
    public void It_equals_a_sum_over_all_patients_at_every_time() =>
        SurvivalRows.Gen.Sample(rows =>
        {
            var (times, events, _, groups) = SurvivalRows.Columns(rows);
            double excess = 0,
                variance = 0;
            foreach (var time in times.Where((_, i) => events[i]).Distinct())
            {
                double n = times.Count(t => t >= time),
                    n1 = times.Where((t, i) => t >= time && groups[i] == 1).Count(),
                    d = times.Where((t, i) => t == time && events[i]).Count();
                excess += times.Where((t, i) => t == time && events[i] && groups[i] == 1).Count() - (d * n1 / n);
                variance += n > 1 ? d * (n1 / n) * (1 - (n1 / n)) * (n - d) / (n - 1) : 0;
            }

            if (variance < 1e-12)
                Assert.Throws<StatisticsException>(() => LogRank.Test(times, events, groups));
            else
                Assert.Equal(excess * excess / variance, LogRank.Test(times, events, groups).ChiSquare, 1e-9);
        });

    [Fact]
    public void A_group_that_left_before_the_first_event_takes_no_degree_of_freedom()
    {
        var test = LogRank.Test([1, 3, 4, 5, 6], [false, true, true, true, true], [9, 1, 2, 1, 2]);

        Assert.Equal(1, test.DegreesOfFreedom);
    }

    [Fact]
    public void One_group_no_event_or_groups_that_never_meet_are_refused()
    {
        Assert.Throws<StatisticsException>(() => LogRank.Test([1, 2], [true, true], [1, 1]));
        Assert.Throws<StatisticsException>(() => LogRank.Test([1, 2], [false, false], [1, 2]));
        Assert.Throws<StatisticsException>(() => LogRank.Test([1, 2], [false, true], [1, 2]));
    }
}
