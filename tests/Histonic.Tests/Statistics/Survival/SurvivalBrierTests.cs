using CsCheck;
using Histonic.Statistics;
using Histonic.Statistics.Survival;
using Histonic.Tests.Support;

namespace Histonic.Tests.Statistics.Survival;

/// <summary>Golden values: tests/golden/statistics_models.R (pec, riskRegression).</summary>
public sealed class SurvivalBrierTests
{
    [Theory, MemberData(nameof(SurvivalData.Names), MemberType = typeof(SurvivalData))]
    public void Scores_of_a_Cox_model_are_those_of_pec(string name)
    {
        var data = SurvivalData.Read(name);
        var golden = GoldenTable.Read("statistics_models.csv").Where("data", name);
        var fit = CoxRegression.Fit(data.Times, data.Events, [data.Risks]);
        double[] horizons = [golden["horizon_0"], golden["horizon_1"], golden["horizon_2"]];

        double[][] survival =
        [
            .. horizons.Select(time => data.Risks.Select(risk => fit.Survival(time, [risk])).ToArray()),
        ];

        for (var k = 0; k < 3; k++)
        {
            var score = SurvivalBrier.At(data.Times, data.Events, survival[k], horizons[k]);
            Assert.Equal(golden[$"brier_{k}"], score, 1e-9);
            Assert.Equal(golden[$"brier_score_{k}"], score, 1e-9);
        }

        Assert.Equal(
            golden["brier_integrated"],
            SurvivalBrier.Integrated(data.Times, data.Events, survival, horizons),
            1e-9
        );
    }

    [Fact]
    public void It_equals_the_weighted_sum_over_patients() =>
        SurvivalRows.Gen.Sample(rows =>
        {
            var (times, events, risks, _) = SurvivalRows.Columns(rows);
            double[] survival = [.. risks.Select(risk => (risk + 4) / 8)];
            const double Horizon = 6;
            var sum = 0.0;
            for (var i = 0; i < times.Length; i++)
            {
                if (times[i] > Horizon)
                    sum +=
                        Math.Pow(1 - survival[i], 2) / SurvivalRows.Uncensored(times, events, Horizon, counted: true);
                else if (events[i])
                    sum += Math.Pow(survival[i], 2) / SurvivalRows.Uncensored(times, events, times[i], counted: false);
            }

            if (times.Max() < Horizon)
                Assert.Throws<StatisticsException>(() => SurvivalBrier.At(times, events, survival, Horizon));
            else
                Assert.Equal(sum / times.Length, SurvivalBrier.At(times, events, survival, Horizon), 1e-10);
        });

    [Fact]
    public void No_patients_a_survival_that_is_no_probability_and_unknown_horizons_are_refused()
    {
        Assert.Throws<StatisticsException>(() => SurvivalBrier.At([], [], [], 1));
        Assert.Throws<StatisticsException>(() => SurvivalBrier.At([1, 2], [true, true], [0.5, double.NaN], 1));
        Assert.Throws<StatisticsException>(() => SurvivalBrier.At([1, 2], [true, true], [0.5, 1.5], 1));
        Assert.Throws<StatisticsException>(() => SurvivalBrier.At([1, 2], [true, true], [0.5, 0.5], 3));
        Assert.Throws<StatisticsException>(() => SurvivalBrier.At([1, 2], [true, true], [0.5, 0.5], double.NaN));
        Assert.Throws<ArgumentException>(() =>
            SurvivalBrier.Integrated(
                [1, 2],
                [true, true],
                [
                    [0.5, 0.5],
                ],
                [1]
            )
        );
    }

    [Fact]
    public void All_censored_and_alive_to_the_end_is_judged_by_those_alive() =>
        Assert.Equal(0.25, SurvivalBrier.At([2, 2], [false, false], [0.5, 0.5], 1));
}
