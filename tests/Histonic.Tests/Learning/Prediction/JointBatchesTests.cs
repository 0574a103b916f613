using CsCheck;
using Histonic.Learning.Prediction;

namespace Histonic.Tests.Learning.Prediction;

public sealed class JointBatchesTests
{
    // of some targets the kind of each slide, by a chance of its own for each kind; −1 = unknown
    private static readonly Gen<(int[][] Kinds, int Seed)> _cohorts = Gen.Select(
        Gen.Int[24, 200],
        Gen.Int[2, 5],
        Gen.Int[0, 1000],
        (slides, targets, seed) =>
        {
            var random = new Random(seed);
            return (
                Enumerable
                    .Range(0, targets)
                    .Select(_ =>
                    {
                        var (rare, unknown) = (0.2 + (random.NextDouble() * 0.3), random.NextDouble() * 0.5);
                        return Enumerable
                            .Range(0, slides)
                            .Select(_ =>
                                random.NextDouble() < unknown ? -1
                                : random.NextDouble() < rare ? 1
                                : 0
                            )
                            .ToArray();
                    })
                    .ToArray(),
                seed
            );
        }
    );

    [Fact]
    public void Without_balance_every_slide_comes_once_and_batches_are_alike() =>
        _cohorts.Sample(cohort =>
        {
            var batches = Deal(cohort.Kinds, even: false, cohort.Seed);
            Assert.Equal(Enumerable.Range(0, cohort.Kinds[0].Length), batches.SelectMany(one => one).Order());
            // the first target is dealt out exactly
            var counts = batches.Select(one => one.Count(i => cohort.Kinds[0][i] == 1)).ToArray();
            Assert.True(counts.Max() - counts.Min() <= 1);
        });

    [Fact]
    public void Kinds_of_every_target_come_as_often_as_each_other() =>
        _cohorts.Sample(cohort =>
        {
            var rates = JointBatches.Rates(cohort.Kinds, [.. cohort.Kinds.Select(_ => true)]);
            Assert.Equal(1, rates.Average(), 1e-9);
            if (rates.Min() < 0.11 || rates.Max() > 9) // labels of few slides may hang together
                return;
            foreach (var target in cohort.Kinds)
            {
                double Sum(int kind) => rates.Where((_, i) => target[i] == kind).Sum();
                if (Sum(0) > 0 && Sum(1) > 0)
                    Assert.Equal(Sum(0), Sum(1), 0.02 * rates.Length);
            }

            var drawn = Deal(cohort.Kinds, even: true, cohort.Seed)
                .SelectMany(one => one)
                .CountBy(i => i)
                .ToDictionary();
            for (var i = 0; i < rates.Length; i++)
                Assert.InRange(drawn.GetValueOrDefault(i), Math.Floor(rates[i]), Math.Ceiling(rates[i]) + 1);
        });

    [Fact]
    public void Labels_that_cannot_be_balanced_together_leave_no_slide_out()
    {
        // kind 0 of the first target is a part of kind 0 of the second: to balance both, (1, 0) would have to come never
        int[][] kinds =
        [
            [0, 0, 0, 1, 1, 1, 1, 1],
            [0, 0, 0, 0, 0, 0, 1, 1],
        ];

        var rates = JointBatches.Rates(kinds, [true, true]);

        Assert.All(rates, rate => Assert.InRange(rate, 0.05, 10));
        Assert.True(rates[3] < rates[0] && rates[3] < rates[6]);
    }

    private static IReadOnlyList<int>[] Deal(int[][] kinds, bool even, int seed) =>
        [.. JointBatches.Deal(kinds, [.. kinds.Select(_ => even)], 16, new Random(seed))];
}
