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
