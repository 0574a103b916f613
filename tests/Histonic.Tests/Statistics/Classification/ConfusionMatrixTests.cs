using Histonic.Statistics;
using Histonic.Statistics.Classification;
using Histonic.Tests.Support;

namespace Histonic.Tests.Statistics.Classification;

/// <summary>Golden values: tests/golden/statistics_scores.py (scikit-learn).</summary>
public sealed class ConfusionMatrixTests
{
    private static readonly GoldenTable _golden = GoldenTable.Read("statistics_scores.csv");

    [Fact]
    public void Every_figure_is_that_of_scikit_learn()
    {
        var data = GoldenTable.Read("statistics_random.csv");
        var matrix = new ConfusionMatrix(data.Integers("truth"), data.Integers("predicted"), 4);

        Assert.Equal(_golden["accuracy"], matrix.Accuracy, 1e-12);
        Assert.Equal(_golden["balanced_accuracy"], matrix.BalancedAccuracy, 1e-12);
        Assert.Equal(_golden["f1_macro"], matrix.MacroF1, 1e-12);
        Assert.Equal(_golden["kappa"], matrix.Kappa, 1e-12);
        Assert.Equal(_golden["kappa_quadratic"], matrix.QuadraticKappa, 1e-12);
        for (var k = 0; k < 4; k++)
        {
            Assert.Equal(_golden[$"precision_{k}"], matrix.Precision(k), 1e-12);
            Assert.Equal(_golden[$"recall_{k}"], matrix.Recall(k), 1e-12);
            Assert.Equal(_golden[$"f1_{k}"], matrix.F1(k), 1e-12);
        }
    }

    [Fact]
    public void Absent_classes_follow_scikit_learn()
    {
        var matrix = new ConfusionMatrix([0, 0, 1, 1, 2, 2, 2], [0, 0, 1, 1, 2, 3, 3], 5);

        Assert.Equal(_golden["absent_balanced_accuracy"], matrix.BalancedAccuracy, 1e-12);
        Assert.Equal(_golden["absent_f1_macro"], matrix.MacroF1, 1e-12);
        Assert.Equal((0, 0, 0), (matrix.Recall(3), matrix.Precision(4), matrix.F1(4)));
    }

    [Fact]
    public void Rows_are_truth_and_columns_predictions()
    {
        var matrix = new ConfusionMatrix([0, 0, 1], [1, 1, 1], 2);

        Assert.Equal((2, 0, 1), (matrix[0, 1], matrix[1, 0], matrix[1, 1]));
    }

    [Fact]
    public void Kappa_of_one_class_and_a_class_out_of_range_are_refused()
    {
        Assert.Throws<StatisticsException>(() => new ConfusionMatrix([1, 1], [1, 1], 2).Kappa);
        Assert.Throws<StatisticsException>(() => new ConfusionMatrix([], [], 2));
        Assert.Throws<ArgumentException>(() => new ConfusionMatrix([0], [2], 2));
    }
}
