using Histonic.Statistics;
using Histonic.Statistics.Regression;
using Histonic.Tests.Support;

namespace Histonic.Tests.Statistics.Regression;

/// <summary>Golden values: tests/golden/statistics_scores.py (scikit-learn).</summary>
public sealed class ErrorsTests
{
    [Fact]
    public void Errors_are_those_of_scikit_learn()
    {
        var golden = GoldenTable.Read("statistics_scores.csv");
        var data = GoldenTable.Read("statistics_random.csv");
        var (truth, predicted) = (data.Numbers("x"), data.Numbers("y"));

        Assert.Equal(golden["mae"], Errors.MeanAbsolute(truth, predicted), 1e-12);
        Assert.Equal(golden["rmse"], Errors.RootMeanSquare(truth, predicted), 1e-12);
        Assert.Equal(golden["r2"], Errors.RSquared(truth, predicted), 1e-9);
    }

    [Fact]
    public void Always_saying_the_mean_has_an_R_squared_of_0() =>
        Assert.Equal(0, Errors.RSquared([1, 2, 6], [3, 3, 3]), 12);

    [Fact]
    public void A_constant_truth_and_no_rows_are_refused()
    {
        Assert.Throws<StatisticsException>(() => Errors.RSquared([2, 2], [1, 3]));
        Assert.Throws<StatisticsException>(() => Errors.MeanAbsolute([], []));
    }

    [Fact]
    public void The_interval_of_the_mean_absolute_error_is_that_of_Rs_t_test()
    {
        var data = GoldenTable.Read("statistics_random.csv");
        var golden = GoldenTable.Read("statistics_classes.csv");

        var estimate = Errors.MeanAbsoluteInterval(data.Numbers("x"), data.Numbers("y"));

        Assert.Equal(golden["mae_low"], estimate.Low, 1e-10);
        Assert.Equal(golden["mae_high"], estimate.High, 1e-10);
        Assert.Throws<StatisticsException>(() => Errors.MeanAbsoluteInterval([1], [2]));
    }
}
