using CsCheck;
using Histonic.Learning.Prediction;
using Histonic.Slides.Cohorts;
using Histonic.Tests.Support;
using static TorchSharp.torch;

namespace Histonic.Tests.Learning.Prediction;

[NoTensorLeaks]
public sealed class CoxLossTests
{
    private static readonly Gen<(double Risk, int Time, bool Event)[]> _cohorts = Gen.Select(
        Gen.Double[-3, 3],
        Gen.Int[0, 4],
        Gen.Bool
    ).Array[2, 12];

    [Fact]
    public void It_is_efrons_formula_written_out_for_every_time() =>
        _cohorts.Sample(cohort => Assert.Equal(ByHand(cohort), Loss(cohort), 9), threads: 1);

    [Fact]
    public void Its_gradient_is_that_of_finite_differences() =>
        _cohorts.Sample(
            cohort =>
            {
                using var scope = NewDisposeScope();
                var risks = tensor([.. cohort.Select(one => one.Risk)], requires_grad: true);
                CoxLoss.Of(risks, Truths(cohort)).backward();
                var gradient = risks.grad!.data<double>().ToArray();
                for (var i = 0; i < cohort.Length; i++)
                {
                    var step = 1e-5;
                    var (up, down) = (Moved(cohort, i, step), Moved(cohort, i, -step));
                    Assert.Equal((Loss(up) - Loss(down)) / (2 * step), gradient[i], 6);
                }
            },
            threads: 1
        );

    [Fact]
    public void Adding_the_same_to_all_risks_changes_nothing_and_huge_risks_do_not_overflow()
    {
        (double, int, bool)[] far = [(-900, 1, true), (800, 1, true), (0, 2, true), (5, 3, false)];

        Assert.Equal(Loss(far), Loss([.. far.Select(one => (one.Item1 + 100, one.Item2, one.Item3))]), 6);
        Assert.True(double.IsFinite(Loss(far)));
    }

    // Efron: for the d events D at a time with risk set R, sum of their risks less
    // sum over l < d of log(sum over R of exp - l / d * sum over D of exp); negative, per event
    private static double ByHand((double Risk, int Time, bool Event)[] cohort)
    {
        var total = 0.0;
        foreach (var time in cohort.Where(one => one.Event).Select(one => one.Time).Distinct())
        {
            var tied = cohort.Where(one => one.Event && one.Time == time).ToArray();
            var inRisk = cohort.Where(one => one.Time >= time).Sum(one => Math.Exp(one.Risk));
            var inTie = tied.Sum(one => Math.Exp(one.Risk));
            total += tied.Sum(one => one.Risk);
            for (var l = 0; l < tied.Length; l++)
                total -= Math.Log(inRisk - (l / (double)tied.Length * inTie));
        }

        return -total / Math.Max(1, cohort.Count(one => one.Event));
    }

    private static double Loss((double Risk, int Time, bool Event)[] cohort)
    {
        using var scope = NewDisposeScope();
        return CoxLoss.Of(tensor([.. cohort.Select(one => one.Risk)]), Truths(cohort)).item<double>();
    }

    private static Truth[] Truths((double Risk, int Time, bool Event)[] cohort) =>
        [.. cohort.Select((one, i) => new Truth($"{i}", $"{i}", i, Time: one.Time, Event: one.Event))];

    private static (double, int, bool)[] Moved((double Risk, int Time, bool Event)[] cohort, int i, double by) =>
        [.. cohort.Select((one, j) => i == j ? (one.Risk + by, one.Time, one.Event) : one)];
}
