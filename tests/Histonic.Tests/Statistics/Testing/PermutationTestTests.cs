using Histonic.Statistics;
using Histonic.Statistics.Regression;
using Histonic.Statistics.Testing;
using Histonic.Tests.Support;

namespace Histonic.Tests.Statistics.Testing;

public sealed class PermutationTestTests
{
    private static readonly GoldenTable _data = GoldenTable.Read("statistics_random.csv");

    [Fact]
    public void The_p_of_few_rows_is_that_of_all_permutations_counted()
    {
        // of the 6 orders of 3 values, 2 have a correlation of ±1 with 1 2 3: p = 1/3
        var p = PermutationTest.Pearson([1, 2, 3], [1, 2, 3], seed: 1, permutations: 19_999);

        Assert.Equal(1 / 3.0, p, 0.015);
    }

    [Fact]
    public void The_p_of_an_area_of_few_rows_is_that_of_all_permutations_counted()
    {
        // of the 20 ways to place 3 positives among 6 scores, 2 are as far from one half as this one, the farthest
        var p = PermutationTest.Area([1, 2, 3, 4, 5, 6], [false, false, false, true, true, true], 2, 19_999);

        Assert.Equal(0.1, p, 0.01);
    }

    [Fact]
    public void The_p_of_a_correlation_lies_near_that_of_Students_t()
    {
        double[] x = [.. _data.Numbers("x").Take(30)],
            noise = [.. _data.Numbers("score").Skip(100).Take(30)];

        Assert.Equal(
            Correlation.PearsonPValue(x, noise),
            PermutationTest.Pearson(x, noise, seed: 3, permutations: 9999),
            0.03
        );
    }

    [Fact]
    public void A_real_effect_has_the_smallest_p_there_is_and_the_same_seed_the_same_p()
    {
        double[] times = _data.Numbers("time"),
            risks = _data.Numbers("risk");
        bool[] events = _data.Truths("event");

        Assert.Equal(1 / 200.0, PermutationTest.Harrell(times, events, risks, seed: 1, permutations: 199));
        Assert.Equal(
            PermutationTest.Area(_data.Numbers("x"), _data.Truths("positive"), 7, 199),
            PermutationTest.Area(_data.Numbers("x"), _data.Truths("positive"), 7, 199)
        );
    }

    [Fact]
    public void The_p_of_paired_differences_is_that_of_all_signs_counted()
    {
        // of the 8 signs of 1 2 3, 2 have a mean as far out as all alike: p = 1/4
        Assert.Equal(0.25, PermutationTest.PairedMean([1, 2, 3], 5, 19_999), 0.015);
        // two rows of one patient turn together: of 4 signs, 2
        Assert.Equal(0.5, PermutationTest.PairedMean([1, 1, 3], 5, 19_999, [8, 8, 9]), 0.015);
    }

    [Fact]
    public void No_difference_at_all_has_p_1() => Assert.Equal(1, PermutationTest.PairedMean([0, 0, 0], 5));

    [Fact]
    public void Undetermined_statistics_too_few_rows_and_NaN_are_refused()
    {
        Assert.Throws<StatisticsException>(() => PermutationTest.Area([1, 2], [true, true], 1));
        Assert.Throws<StatisticsException>(() => PermutationTest.Labels(1, 1, _ => 0, 0));
        Assert.Throws<StatisticsException>(() => PermutationTest.Labels(3, 1, _ => double.NaN, 0));
        Assert.Throws<StatisticsException>(() => PermutationTest.PairedMean([], 1));
        Assert.Throws<StatisticsException>(() => PermutationTest.PairedMean([1, double.NaN], 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => PermutationTest.PairedMean([1, 2], 1, 10));
    }
}
