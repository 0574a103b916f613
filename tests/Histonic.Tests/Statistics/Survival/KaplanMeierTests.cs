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

    [Theory, MemberData(nameof(SurvivalData.Names), MemberType = typeof(SurvivalData))]
    public void Intervals_on_every_scale_and_the_medians_interval_are_those_of_R(string name)
    {
        var data = SurvivalData.Read(name);
        foreach (
            var (scale, key) in new[]
            {
                (CurveScale.Log, "log"),
                (CurveScale.LogLog, "log-log"),
                (CurveScale.Plain, "plain"),
            }
        )
        {
            var golden = GoldenTable.Read("statistics_curves.csv").Where("data", name).Where("scale", key);
            var values = GoldenTable.Read("statistics_models.csv").Where("data", name);

            var curve = KaplanMeier.Fit(data.Times, data.Events, 0.9, scale);

            var (low, high, error) = (golden.Numbers("low"), golden.Numbers("high"), golden.Numbers("error"));
            Assert.Equal(low.Length, curve.Steps.Count);
            for (var i = 0; i < low.Length; i++)
            {
                var step = curve.Steps[i];
                // where R has no interval: at 1 the point, at 0 what KaplanMeier.Fit says
                Assert.Equal(double.IsNaN(low[i]) ? step.Survival : low[i], step.Low, 1e-9);
                Assert.Equal(
                    !double.IsNaN(high[i]) ? high[i]
                        : step.Survival == 1 ? 1
                        : curve.Steps[i - 1].High,
                    step.High,
                    1e-9
                );
                Assert.Equal(double.IsNaN(error[i]) ? 0 : error[i], step.StandardError, 1e-9);
            }

            var median = curve.MedianInterval;
            Assert.Equal(Known(values[$"median_{key}_quantile"]), median.Value);
            Assert.Equal(Known(values[$"median_{key}_lower"]), median.Low);
            Assert.Equal(Known(values[$"median_{key}_upper"]), median.High);
        }

        static double? Known(double value) => double.IsNaN(value) ? null : value;
    }

    [Theory, MemberData(nameof(SurvivalData.Names), MemberType = typeof(SurvivalData))]
    public void The_restricted_mean_and_its_error_are_those_of_R(string name)
    {
        var data = SurvivalData.Read(name);
        var golden = GoldenTable.Read("statistics_models.csv").Where("data", name);

        var mean = KaplanMeier.Fit(data.Times, data.Events).RestrictedMean(golden["horizon_2"]);

        Assert.Equal(golden["rmean"], mean.Value, 1e-9 * mean.Value);
        Assert.Equal(mean.Value + (1.959963984540054 * golden["rmean_error"]), mean.High, 1e-9 * mean.Value);
    }

    [Fact]
    public void The_restricted_mean_without_censoring_is_the_mean_of_the_times_cut_off() =>
        Gen.Int[1, 9]
            .Select(t => (double)t)
            .Array[1, 30]
            .Sample(times =>
                Assert.Equal(
                    times.Average(time => Math.Min(time, 4.5)),
                    KaplanMeier.Fit(times, [.. times.Select(_ => true)]).RestrictedMean(4.5).Value,
                    12
                )
            );

    [Fact]
    public void A_mean_beyond_the_last_patient_is_refused_unless_all_have_died()
    {
        Assert.Equal(2, KaplanMeier.Fit([1, 3], [true, true]).RestrictedMean(9).Value);
        var error = Assert.Throws<StatisticsException>(() => KaplanMeier.Fit([1, 3], [true, false]).RestrictedMean(9));
        Assert.Contains("the last patient was seen at 3, alive", error.Message, StringComparison.Ordinal);
        Assert.Throws<StatisticsException>(() => KaplanMeier.Fit([1, 3], [true, true]).RestrictedMean(double.NaN));
    }

    [Fact]
    public void Survival_just_before_a_step_is_that_of_the_step_before()
    {
        var curve = KaplanMeier.Fit([1, 3], [true, true]);

        Assert.Equal(
            (1, 1, 0.5, 0.5, 0),
            (
                curve.SurvivalBefore(0),
                curve.SurvivalBefore(1),
                curve.SurvivalBefore(2),
                curve.SurvivalBefore(3),
                curve.SurvivalBefore(4)
            )
        );
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
        Assert.Equal(new SurvivalStep(3, 1, 1, 0, 0, 0, 1, 0), Assert.Single(KaplanMeier.Fit([3], [true]).Steps));

    [Fact]
    public void No_patients_or_a_negative_time_is_refused()
    {
        Assert.Throws<StatisticsException>(() => KaplanMeier.Fit([], []));
        Assert.Throws<StatisticsException>(() => KaplanMeier.Fit([-1], [true]));
    }
}
