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

    [Theory, MemberData(nameof(SurvivalData.Names), MemberType = typeof(SurvivalData))]
    public void Intervals_are_those_of_R_plain_and_by_patient(string name)
    {
        var data = SurvivalData.Read(name);
        var golden = GoldenTable.Read("statistics_models.csv").Where("data", name);

        Around(golden["harrell_variance"], Concordance.HarrellInterval(data.Times, data.Events, data.Risks));
        Around(
            golden["harrell_cluster_variance"],
            Concordance.HarrellInterval(data.Times, data.Events, data.Risks, groups: data.Clusters)
        );
        var compared = Concordance.Compare(data.Times, data.Events, data.Risks, data.Second);
        Assert.Equal(golden["harrell_second"], compared.Second.Value, 1e-12);
        Around(golden["harrell_difference_variance"], compared.Difference);
    }

    [Theory, MemberData(nameof(SurvivalData.Names), MemberType = typeof(SurvivalData))]
    public void Uno_is_that_of_R_with_and_without_a_horizon(string name)
    {
        var data = SurvivalData.Read(name);
        var golden = GoldenTable.Read("statistics_models.csv").Where("data", name);

        var all = Concordance.UnoInterval(data.Times, data.Events, data.Risks);
        Assert.Equal(golden["uno"], all.Value, 1e-10);
        Assert.Equal(all.Value, Concordance.Uno(data.Times, data.Events, data.Risks));
        Around(golden["uno_variance"], all);
        var early = Concordance.UnoInterval(data.Times, data.Events, data.Risks, golden["horizon_2"]);
        Assert.Equal(golden["uno_horizon"], early.Value, 1e-10);
        Around(golden["uno_horizon_variance"], early);
    }

    private static void Around(double variance, Estimate estimate)
    {
        var width = 1.959963984540054 * Math.Sqrt(variance);
        Assert.Equal(estimate.Value - width, estimate.Low, 1e-8);
        Assert.Equal(estimate.Value + width, estimate.High, 1e-8);
    }

    [Fact]
    public void Uno_without_censoring_is_Harrell() =>
        Gen.Select(Gen.Int[0, 12].Select(t => (double)t), Gen.Int[-4, 4].Select(r => (double)r))
            .Array[2, 40]
            .Where(rows => rows.Select(row => row.Item1).Distinct().Count() > 1)
            .Sample(rows =>
            {
                double[] times = [.. rows.Select(row => row.Item1)],
                    risks = [.. rows.Select(row => row.Item2)];
                bool[] events = [.. rows.Select(_ => true)];

                Assert.Equal(Concordance.Harrell(times, events, risks), Concordance.Uno(times, events, risks), 12);
            });

    [Fact]
    public void Uno_and_its_influences_equal_a_count_of_all_pairs() =>
        SurvivalRows.Gen.Sample(rows =>
        {
            var (times, events, risks, _) = SurvivalRows.Columns(rows);
            const double Horizon = 8;
            var n = times.Length;
            // for each pair: its weight and how far it agrees
            var pairs = (
                from i in Enumerable.Range(0, n)
                from j in Enumerable.Range(0, n)
                where events[i] && times[i] <= Horizon && (times[j] > times[i] || (times[j] == times[i] && !events[j]))
                let g = SurvivalRows.Uncensored(times, events, times[i], counted: false)
                select (i, j, Weight: 1 / (g * g), Agrees: (Math.Sign(risks[i] - risks[j]) + 1) / 2.0)
            ).ToArray();
            if (pairs.Length == 0)
            {
                Assert.Throws<StatisticsException>(() => Concordance.UnoInterval(times, events, risks, Horizon));
                return;
            }

            var all = pairs.Sum(pair => pair.Weight);
            var index = pairs.Sum(pair => pair.Weight * pair.Agrees) / all;
            var variance = Enumerable
                .Range(0, n)
                .Select(row =>
                    pairs
                        .Where(pair => pair.i == row || pair.j == row)
                        .Sum(pair => pair.Weight * (pair.Agrees - index) / all)
                )
                .Sum(influence => influence * influence);
            var estimate = Concordance.UnoInterval(times, events, risks, Horizon, level: 0.5);

            Assert.Equal(index, estimate.Value, 1e-10);
            Assert.Equal(Math.Min(1, index + (0.674489750196082 * Math.Sqrt(variance))), estimate.High, 1e-7);
        });

    [Fact]
    public void One_hundred_thousand_patients_give_what_the_same_ten_thousand_ten_times_over_must()
    {
        // ten copies of every row: C stays but for pairs of copies, which are never comparable at equal times
        var random = new Random(4);
        var n = 10_000;
        double[] times = [.. Enumerable.Range(0, n).Select(i => (double)i)],
            risks = [.. Enumerable.Range(0, n).Select(_ => random.NextDouble())];
        bool[] events = [.. Enumerable.Range(0, n).Select(_ => random.Next(3) > 0)];

        var one = Concordance.HarrellInterval(times, events, risks);
        var ten = Concordance.HarrellInterval(
            [.. Enumerable.Range(0, 10 * n).Select(i => times[i % n])],
            [.. Enumerable.Range(0, 10 * n).Select(i => events[i % n])],
            [.. Enumerable.Range(0, 10 * n).Select(i => risks[i % n])],
            groups: [.. Enumerable.Range(0, 10 * n).Select(i => i % n)]
        );

        Assert.Equal(one.Value, ten.Value, 1e-3);
        Assert.Equal(one.High - one.Low, ten.High - ten.Low, 1e-4);
    }

    [Fact]
    public void Two_equal_risks_do_not_differ()
    {
        var compared = Concordance.Compare([1, 2, 3, 4], [true, true, false, true], [4, 3, 1, 2], [8, 6, 2, 4]);

        Assert.Equal(1, compared.PValue);
        Assert.Equal((0, 0, 0), (compared.Difference.Value, compared.Difference.Low, compared.Difference.High));
    }

    [Fact]
    public void The_interval_from_one_patient_is_refused()
    {
        double[] times = [1, 2, 3],
            risks = [3, 1, 2];
        bool[] events = [true, true, false];

        Assert.Contains(
            "all 3 rows are of one",
            Assert
                .Throws<StatisticsException>(() => Concordance.HarrellInterval(times, events, risks, groups: [7, 7, 7]))
                .Message,
            StringComparison.Ordinal
        );
        Assert.Throws<StatisticsException>(() => Concordance.UnoInterval(times, events, risks, groups: [7, 7, 7]));
        Assert.Throws<StatisticsException>(() => Concordance.Compare(times, events, risks, risks, groups: [7, 7, 7]));
        Assert.Throws<StatisticsException>(() =>
            TimeDependentAuc.Interval(times, events, risks, 1.5, groups: [7, 7, 7])
        );
    }

    [Fact]
    public void Uno_with_no_event_up_to_the_horizon_is_refused() =>
        Assert.Throws<StatisticsException>(() => Concordance.Uno([3, 4], [true, true], [1, 2], horizon: 2));

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
