using Histonic.Statistics;
using Histonic.Statistics.Classification;
using Histonic.Tests.Support;

namespace Histonic.Tests.Statistics.Classification;

/// <summary>Golden values: tests/golden/statistics_scores.py (scikit-learn) and statistics_classes.R (glm).</summary>
public sealed class CalibrationTests
{
    private static readonly GoldenTable _data = GoldenTable.Read("statistics_random.csv");
    private static readonly GoldenTable _golden = GoldenTable.Read("statistics_scores.csv");
    private static readonly int[] _truth = _data.Integers("truth");
    private static readonly double[] _first = _data.Numbers("p0");
    private static readonly bool[] _isFirst = [.. _truth.Select(label => label == 0)];
    private static readonly double[] _all =
    [
        .. Enumerable
            .Range(0, _truth.Length)
            .SelectMany(row => Enumerable.Range(0, 4).Select(k => _data.Numbers($"p{k}")[row])),
    ];

    [Fact]
    public void Brier_scores_are_those_of_scikit_learn()
    {
        Assert.Equal(_golden["brier"], Calibration.Brier(_first, _isFirst), 1e-12);
        Assert.Equal(_golden["brier_classes"], Calibration.Brier(_all, _truth, 4), 1e-12);
    }

    [Fact]
    public void Two_classes_give_twice_the_two_class_score() =>
        Assert.Equal(
            2 * Calibration.Brier([0.2, 0.9], [true, true]),
            Calibration.Brier([0.8, 0.2, 0.1, 0.9], [1, 1], 2),
            1e-12
        );

    [Theory, InlineData(false, "uniform"), InlineData(true, "quantile")]
    public void The_reliability_curve_is_that_of_scikit_learn(bool equalMass, string name)
    {
        var golden = GoldenTable.Read("statistics_reliability.csv").Where("bins", name);

        var curve = Calibration.Curve(_first, _isFirst, 10, equalMass);

        Assert.Equal(golden.Numbers("predicted").Length, curve.Count);
        Assert.Equal(_truth.Length, curve.Sum(bin => bin.Observed.N));
        for (var i = 0; i < curve.Count; i++)
        {
            Assert.Equal(golden.Numbers("predicted")[i], curve[i].Predicted, 1e-12);
            Assert.Equal(golden.Numbers("observed")[i], curve[i].Observed.Value, 1e-12);
            Assert.InRange(curve[i].Observed.Value, curve[i].Observed.Low, curve[i].Observed.High);
        }
    }

    [Fact]
    public void Expected_errors_are_those_counted_in_NumPy()
    {
        Assert.Equal(_golden["ece_width"], Calibration.ExpectedError(_first, _isFirst), 1e-12);
        Assert.Equal(_golden["ece_mass"], Calibration.ExpectedError(_first, _isFirst, equalMass: true), 1e-12);
        Assert.Equal(_golden["ece_top"], Calibration.ExpectedError(_all, _truth, 4), 1e-12);
    }

    [Fact]
    public void The_calibration_line_is_that_of_glm()
    {
        var r = GoldenTable.Read("statistics_classes.csv");

        var line = CalibrationLine.Fit([.. _first.Select(p => Math.Clamp(p, 0.005, 0.995))], _isFirst);

        Assert.Equal(r["calibration_intercept"], line.Intercept.Value, 1e-8);
        Assert.Equal(r["calibration_slope"], line.Slope.Value, 1e-8);
        Assert.Equal(r["calibration_intercept_error"], Error(line.Intercept), 1e-7);
        Assert.Equal(r["calibration_slope_error"], Error(line.Slope), 1e-7);

        static double Error(Estimate estimate) => (estimate.High - estimate.Low) / 2 / 1.959963984540054;
    }

    [Fact]
    public void A_probability_outside_0_to_1_no_rows_and_NaN_are_refused()
    {
        Assert.Contains(
            "entry 1 (counted from 0) is 1.5",
            Assert.Throws<StatisticsException>(() => Calibration.Brier([0.5, 1.5], [true, false])).Message,
            StringComparison.Ordinal
        );
        Assert.Throws<StatisticsException>(() => Calibration.Brier([double.NaN], [true]));
        Assert.Throws<StatisticsException>(() => Calibration.Brier([], [], 2));
        Assert.Throws<StatisticsException>(() => Calibration.ExpectedError([], []));
        Assert.Throws<StatisticsException>(() => Calibration.Curve([-0.1], [true]));
        Assert.Throws<ArgumentException>(() => Calibration.Brier([0.5, 0.5], [2], 2));
    }

    [Fact]
    public void A_line_through_separated_equal_or_certain_probabilities_or_one_class_is_refused()
    {
        Assert.Contains(
            "separation",
            Refused([0.1, 0.2, 0.8, 0.9], [false, false, true, true]),
            StringComparison.Ordinal
        );
        Assert.Contains("that differ", Refused([0.3, 0.3], [false, true]), StringComparison.Ordinal);
        Assert.Contains("row 1 (counted from 0) is 1", Refused([0.3, 1], [false, true]), StringComparison.Ordinal);
        Assert.Contains("all 2 rows are positive", Refused([0.3, 0.4], [true, true]), StringComparison.Ordinal);

        static string Refused(double[] probabilities, bool[] positives) =>
            Assert.Throws<StatisticsException>(() => CalibrationLine.Fit(probabilities, positives)).Message;
    }
}
