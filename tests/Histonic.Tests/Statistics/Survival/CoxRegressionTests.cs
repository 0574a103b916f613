using CsCheck;
using Histonic.Statistics;
using Histonic.Statistics.Survival;
using Histonic.Tests.Support;

namespace Histonic.Tests.Statistics.Survival;

/// <summary>Golden values: tests/golden/statistics_models.R (R's survival).</summary>
public sealed class CoxRegressionTests
{
    private static readonly string[] _models = ["one", "several", "breslow", "strata"];

    [Theory, MemberData(nameof(SurvivalData.Names), MemberType = typeof(SurvivalData))]
    public void Coefficients_intervals_and_tests_are_those_of_R(string name)
    {
        var data = SurvivalData.Read(name);
        var golden = GoldenTable.Read("statistics_models.csv").Where("data", name);
        foreach (var model in _models)
        {
            var fit = Fit(data, model);

            Close("null", fit.NullLogLikelihood);
            Close("loglik", fit.LogLikelihood);
            Close("lr", fit.LikelihoodRatio.ChiSquare);
            Close("lr_p", fit.LikelihoodRatio.PValue);
            Close("wald", fit.Wald.ChiSquare);
            Close("score", fit.Score.ChiSquare);
            Assert.Equal(model is "one" ? 1 : 3, fit.Coefficients.Count);
            for (var j = 0; j < fit.Coefficients.Count; j++)
            {
                var coefficient = fit.Coefficients[j];
                Close($"beta_{j}", coefficient.Value);
                Close($"error_{j}", coefficient.StandardError);
                Close($"low_{j}", coefficient.HazardRatio.Low);
                Close($"high_{j}", coefficient.HazardRatio.High);
                Close($"p_{j}", coefficient.PValue);
                Assert.Equal(coefficient.StandardError * coefficient.StandardError, fit.Covariance[j, j], 1e-12);
            }

            void Close(string key, double value) => Near(golden[$"cox_{model}_{key}"], value);
        }
    }

    [Theory, MemberData(nameof(SurvivalData.Names), MemberType = typeof(SurvivalData))]
    public void The_baseline_hazard_is_that_of_R(string name)
    {
        var data = SurvivalData.Read(name);
        foreach (var model in _models)
        {
            var golden = GoldenTable.Read("statistics_baseline.csv").Where("data", name).Where("model", model);
            // R names its strata by the codes of the groups, as here
            var steps = Fit(data, model).BaselineHazard;

            Assert.Equal(golden.Integers("stratum"), steps.Select(step => step.Stratum));
            Assert.Equal(golden.Numbers("time"), steps.Select(step => step.Time));
            foreach (var (hazard, step) in golden.Numbers("hazard").Zip(steps))
                Near(hazard, step.CumulativeHazard);
        }
    }

    [Theory, MemberData(nameof(SurvivalData.Names), MemberType = typeof(SurvivalData))]
    public void The_tests_of_proportional_hazards_are_those_of_R(string name)
    {
        var data = SurvivalData.Read(name);
        var golden = GoldenTable.Read("statistics_models.csv").Where("data", name);
        foreach (var model in _models)
        {
            foreach (var (scale, key) in new[] { (TimeScale.KaplanMeier, "km"), (TimeScale.Identity, "identity") })
            {
                var test = ProportionalHazards.Test(Fit(data, model), scale);

                for (var j = 0; j < test.Covariates.Count; j++)
                    Near(golden[$"cox_{model}_zph_{key}_{j}"], test.Covariates[j].Test.ChiSquare);
                Near(golden[$"cox_{model}_zph_{key}_{test.Covariates.Count}"], test.Together.ChiSquare);
            }
        }
    }

    [Fact]
    public void Units_of_a_covariate_change_nothing_but_its_coefficient()
    {
        var data = SurvivalData.Read("random");

        var plain = CoxRegression.Fit(data.Times, data.Events, [data.Risks]);
        var large = CoxRegression.Fit(
            data.Times,
            data.Events,
            [
                [.. data.Risks.Select(x => 7e8 + (1e6 * x))],
            ]
        );

        Near(plain.Coefficients[0].Value, 1e6 * large.Coefficients[0].Value);
        Near(plain.LogLikelihood, large.LogLikelihood);
        Near(plain.Wald.ChiSquare, large.Wald.ChiSquare);
    }

    [Fact]
    public void The_score_test_of_a_binary_covariate_without_ties_is_the_log_rank_test() =>
        SurvivalRows.Gen.Sample(rows =>
        {
            var (times, events, _, groups) = SurvivalRows.Columns(rows);
            // no ties: each row at a time of its own
            double[] apart = [.. times.Select((time, i) => time + (i / 100.0))];
            double chiSquare;
            try
            {
                chiSquare = LogRank.Test(apart, events, groups).ChiSquare;
                Near(
                    chiSquare,
                    CoxRegression
                        .Fit(
                            apart,
                            events,
                            [
                                [.. groups.Select(group => (double)group)],
                            ]
                        )
                        .Score.ChiSquare
                );
            }
            catch (StatisticsException)
            {
                // too little data for one or the other
            }
        });

    [Fact]
    public void Each_fit_is_a_maximum_of_the_partial_likelihood_written_out() =>
        SurvivalRows.Gen.Sample(rows =>
        {
            var (times, events, risks, groups) = SurvivalRows.Columns(rows);
            CoxRegression fit;
            try
            {
                fit = CoxRegression.Fit(
                    times,
                    events,
                    [risks, [.. groups.Select(group => (double)group)]],
                    new CoxOptions { Ties = CoxTies.Breslow }
                );
            }
            catch (StatisticsException)
            {
                return;
            }

            double[] at = [.. fit.Coefficients.Select(coefficient => coefficient.Value)];
            var best = LogLikelihood(at[0], at[1]);
            Assert.Equal(best, fit.LogLikelihood, 1e-8);
            foreach (var (a, b) in new[] { (1e-3, 0.0), (-1e-3, 0), (0, 1e-3), (0, -1e-3) })
                Assert.True(LogLikelihood(at[0] + a, at[1] + b) <= best + 1e-12);

            double LogLikelihood(double risk, double group)
            {
                double Eta(int i) => (risk * risks[i]) + (group * groups[i]);
                return Enumerable
                    .Range(0, times.Length)
                    .Where(i => events[i])
                    .Sum(i =>
                        Eta(i)
                        - Math.Log(
                            Enumerable
                                .Range(0, times.Length)
                                .Where(j => times[j] >= times[i])
                                .Sum(j => Math.Exp(Eta(j)))
                        )
                    );
            }
        });

    [Fact]
    public void A_covariate_that_foretells_every_event_is_refused_by_name_as_separation()
    {
        // all with the marker die first
        var error = Assert.Throws<StatisticsException>(() =>
            CoxRegression.Fit(
                [1, 2, 3, 4, 5, 6, 7, 8],
                [true, true, true, true, false, false, false, false],
                [
                    [1, 1, 1, 1, 0, 0, 0, 0],
                    [3, 1, 2, 5, 3, 2, 4, 1],
                ],
                new CoxOptions { Names = ["marker", "age"] }
            )
        );

        Assert.Contains("no finite hazard ratio for marker", error.Message, StringComparison.Ordinal);
        Assert.Contains("separation", error.Message, StringComparison.Ordinal);
    }

    /// <summary>Golden values: tests/golden/statistics_separation.R. R stops once the likelihood hardly rises, so its coefficients have fewer digits.</summary>
    [Fact]
    public void Of_many_small_sets_those_are_refused_of_which_R_warns_and_the_others_agree()
    {
        var golden = GoldenTable.Read("statistics_separation.csv");
        var refused = 0;
        foreach (var set in golden.Text("set").Distinct(StringComparer.Ordinal))
        {
            var rows = golden.Where("set", set);
            var (a, b) = (rows.Numbers("beta_a")[0], rows.Numbers("beta_b")[0]);
            CoxRegression Fitted() =>
                CoxRegression.Fit(rows.Numbers("time"), rows.Truths("event"), [rows.Numbers("a"), rows.Numbers("b")]);

            if (double.IsNaN(a))
            {
                Assert.Throws<StatisticsException>(Fitted);
                refused++;
            }
            else
            {
                var fit = Fitted();
                Assert.Equal(a, fit.Coefficients[0].Value, 1e-5 * Math.Max(1, Math.Abs(a)));
                Assert.Equal(b, fit.Coefficients[1].Value, 1e-5 * Math.Max(1, Math.Abs(b)));
            }
        }

        Assert.Equal(19, refused);
    }

    [Fact]
    public void Constant_and_dependent_covariates_no_events_and_NaN_are_refused_by_name()
    {
        double[] times = [1, 2, 3, 4];
        bool[] events = [true, true, false, true];

        Assert.Contains(
            "covariate 0: it is the same",
            Refused([
                [2, 2, 2, 2],
            ]),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "one follows from the others",
            Refused([
                [1, 3, 2, 4],
                [2, 6, 4, 8],
            ]),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "covariate 0: row 1",
            Refused([
                [1, double.NaN, 3, 4],
            ]),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "all 2 patients are censored",
            Assert
                .Throws<StatisticsException>(() =>
                    CoxRegression.Fit(
                        [1, 2],
                        [false, false],
                        [
                            [1, 2],
                        ]
                    )
                )
                .Message,
            StringComparison.Ordinal
        );
        Assert.Throws<ArgumentException>(() => CoxRegression.Fit(times, events, []));
        Assert.Throws<ArgumentException>(() =>
            CoxRegression.Fit(
                times,
                events,
                [
                    [1, 2, 3],
                ]
            )
        );

        string Refused(double[][] covariates) =>
            Assert.Throws<StatisticsException>(() => CoxRegression.Fit(times, events, covariates)).Message;
    }

    [Fact]
    public void Events_at_one_time_do_not_tell_of_a_drift()
    {
        var fit = CoxRegression.Fit(
            [2, 2, 2, 3, 3],
            [true, true, true, false, false],
            [
                [1, 3, 2, 2, 1],
            ]
        );

        Assert.Throws<StatisticsException>(() => ProportionalHazards.Test(fit));
    }

    [Fact]
    public void Survival_falls_with_risk_and_time_from_1()
    {
        var data = SurvivalData.Read("random");
        var fit = CoxRegression.Fit(data.Times, data.Events, [data.Risks]);

        Assert.Equal(1, fit.Survival(0, [1]));
        Assert.True(fit.Survival(5, [1]) < fit.Survival(5, [0]));
        Assert.True(fit.Survival(9, [1]) < fit.Survival(5, [1]));
        Assert.Equal(Math.Exp(-fit.BaselineHazardAt(5)), fit.Survival(5, [0]), 1e-12);
    }

    private static CoxRegression Fit(SurvivalData data, string model) =>
        CoxRegression.Fit(
            data.Times,
            data.Events,
            model is "one" ? [data.Risks] : [data.Risks, data.Second, data.Third],
            new CoxOptions
            {
                Ties = model is "breslow" ? CoxTies.Breslow : CoxTies.Efron,
                Strata = model is "strata" ? data.Groups : null,
            }
        );

    private static void Near(double expected, double actual) =>
        Assert.Equal(expected, actual, 1e-7 * Math.Max(1, Math.Abs(expected)));
}
