using CsCheck;
using Histonic.Statistics;
using Histonic.Statistics.Survival;
using Histonic.Tests.Support;

namespace Histonic.Tests.Statistics.Survival;

public sealed class KaplanMeierTests
{
    [Theory, MemberData(nameof(SurvivalData.Names), MemberType = typeof(SurvivalData))]
    public void The_curve_its_intervals_and_its_median_are_those_of_R(string name)
    {
        var data = SurvivalData.Read(name);
        var golden = GoldenTable.Read("statistics_kaplan_meier.csv").Where("data", name);

        var curve = KaplanMeier.Fit(data.Times, data.Events);

        Assert.Equal(golden.Numbers("time"), curve.Steps.Select(step => step.Time));
        Assert.Equal(golden.Integers("at_risk"), curve.Steps.Select(step => step.AtRisk));
        Assert.Equal(golden.Integers("events"), curve.Steps.Select(step => step.Events));
        Assert.Equal(golden.Integers("censored"), curve.Steps.Select(step => step.Censored));
        var (survival, low, high) = (golden.Numbers("survival"), golden.Numbers("low"), golden.Numbers("high"));
        for (var i = 0; i < survival.Length; i++)
        {
            Assert.Equal(survival[i], curve.Steps[i].Survival, 1e-12);
            Assert.Equal(double.IsNaN(low[i]) ? 0 : low[i], curve.Steps[i].Low, 1e-12);
            Assert.Equal(double.IsNaN(high[i]) ? curve.Steps[i - 1].High : high[i], curve.Steps[i].High, 1e-12);
        }

        var values = GoldenTable.Read("statistics_survival.csv").Where("data", name);
        Assert.Equal(values.Has("median") ? values["median"] : null, curve.Median);
    }

    [Fact]
    public void Without_censoring_it_is_the_share_still_alive() =>
        Gen.Int[0, 9]
            .Select(t => (double)t)
            .Array[1, 30]
            .Sample(times =>
            {
                var curve = KaplanMeier.Fit(times, [.. times.Select(_ => true)]);

                for (var t = -0.5; t < 11; t += 0.5)
                {
                    Assert.Equal(times.Count(time => time > t) / (double)times.Length, curve.SurvivalAt(t), 12);
                    Assert.Equal(times.Count(time => time >= t), curve.AtRiskAt(t));
                }
            });

    [Fact]
    public void All_censored_stays_at_1_and_has_no_median()
    {
        var curve = KaplanMeier.Fit([1, 2], [false, false]);

        Assert.Equal((1, 1, 1), (curve.SurvivalAt(9), curve.Steps[1].Low, curve.Steps[1].High));
        Assert.Null(curve.Median);
    }

    [Fact]
    public void A_curve_flat_at_one_half_has_its_median_in_the_middle_of_the_flat() =>
        Assert.Equal(3, KaplanMeier.Fit([1, 2, 4, 5], [true, true, true, true]).Median); // survfit: 3

    [Fact]
    public void One_patient_who_died_gives_0_with_the_whole_range_as_interval() =>
        Assert.Equal(new SurvivalStep(3, 1, 1, 0, 0, 0, 1), Assert.Single(KaplanMeier.Fit([3], [true]).Steps));

    [Fact]
    public void No_patients_or_a_negative_time_is_refused()
    {
        Assert.Throws<StatisticsException>(() => KaplanMeier.Fit([], []));
        Assert.Throws<StatisticsException>(() => KaplanMeier.Fit([-1], [true]));
    }
}
