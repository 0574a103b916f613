using Histonic.Statistics;
using Histonic.Statistics.Classification;
using Histonic.Tests.Support;

namespace Histonic.Tests.Statistics.Classification;

/// <summary>Golden values: tests/golden/statistics_classes.R (vcd, stats) and statistics_scores.py (numerical slopes).</summary>
public sealed class ConfusionIntervalsTests
{
    private static readonly GoldenTable _data = GoldenTable.Read("statistics_random.csv");
    private static readonly GoldenTable _r = GoldenTable.Read("statistics_classes.csv");
    private static readonly GoldenTable _python = GoldenTable.Read("statistics_scores.csv");
    private static readonly ConfusionMatrix _matrix = new(_data.Integers("truth"), _data.Integers("predicted"), 4);

    [Fact]
    public void Kappas_and_their_errors_are_those_of_vcd()
    {
        foreach (
            var (weights, name) in new[]
            {
                (KappaWeights.None, "kappa"),
                (KappaWeights.Linear, "kappa_linear"),
                (KappaWeights.Quadratic, "kappa_quadratic"),
            }
        )
        {
            var kappa = ConfusionIntervals.Kappa(_matrix, weights);
            Assert.Equal(_r[name], kappa.Value, 1e-10);
            Assert.Equal(_python[name], kappa.Value, 1e-12);
            Around(_r[$"{name}_error"], kappa, 1e-9);
        }
    }

    [Fact]
    public void Accuracy_has_the_score_interval_of_R()
    {
        var accuracy = ConfusionIntervals.Accuracy(_matrix);

        Assert.Equal(_r["accuracy_low"], accuracy.Low, 1e-10);
        Assert.Equal(_r["accuracy_high"], accuracy.High, 1e-10);
    }

    [Fact]
    public void Balanced_accuracy_and_F1_have_the_errors_of_the_delta_method()
    {
        Around(_python["balanced_accuracy_error"], ConfusionIntervals.BalancedAccuracy(_matrix), 1e-7);
        Around(_python["f1_macro_error"], ConfusionIntervals.MacroF1(_matrix), 1e-7);
        Around(_python["f1_2_error"], ConfusionIntervals.F1(_matrix, 2), 1e-7);
        Assert.Equal(_python["balanced_accuracy"], ConfusionIntervals.BalancedAccuracy(_matrix).Value, 1e-12);
        Assert.Equal(_python["f1_macro"], ConfusionIntervals.MacroF1(_matrix).Value, 1e-12);
    }

    [Fact]
    public void All_right_leaves_accuracy_an_interval_and_the_others_the_point()
    {
        var right = new ConfusionMatrix([0, 1, 1], [0, 1, 1], 2);

        Assert.Equal(1, ConfusionIntervals.Accuracy(right).High);
        Assert.InRange(ConfusionIntervals.Accuracy(right).Low, 0.3, 0.6);
        Assert.Equal(new Estimate(1, 1, 1, 3), ConfusionIntervals.BalancedAccuracy(right));
        Assert.Equal(new Estimate(1, 1, 1, 3), ConfusionIntervals.Kappa(right));
    }

    [Fact]
    public void One_class_a_class_that_never_occurs_and_a_wrong_level_are_refused()
    {
        var one = new ConfusionMatrix([0, 0], [0, 0], 2);

        Assert.Throws<StatisticsException>(() => ConfusionIntervals.Kappa(one));
        Assert.Throws<StatisticsException>(() => ConfusionIntervals.F1(one, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => ConfusionIntervals.Accuracy(one, 95));
        Assert.Equal(0, ConfusionIntervals.Accuracy(new ConfusionMatrix([0, 0], [1, 1], 2)).Low);
    }

    private static void Around(double error, Estimate estimate, double within)
    {
        Assert.Equal(estimate.Value - (1.959963984540054 * error), estimate.Low, within);
        Assert.Equal(estimate.Value + (1.959963984540054 * error), estimate.High, within);
    }
}
