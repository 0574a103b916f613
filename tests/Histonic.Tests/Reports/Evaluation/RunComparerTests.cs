using Histonic.Reports.Evaluation;
using Histonic.Slides;
using Histonic.Slides.Cohorts;
using Histonic.Statistics.Classification;
using Histonic.Statistics.Testing;

namespace Histonic.Tests.Reports.Evaluation;

public sealed class RunComparerTests
{
    private static readonly EvaluationOptions _options = new() { Resamples = 200 };

    [Fact]
    public void The_AUC_of_two_classes_is_tested_by_DeLong_with_patients_taken_together()
    {
        var (first, second) = (Classes(1), Classes(5));

        var comparison = RunComparer.Compare(first, second, "a", "b", _options);

        var auc = comparison.Metrics[0];
        var expected = DeLong.Compare(
            [.. first.Rows.Select(row => row.Score)],
            [.. second.Rows.Select(row => row.Score)],
            [.. first.Rows.Select(row => row.Label is "tumour")],
            groups: [.. Enumerable.Range(0, 60).Select(i => i / 2)]
        );
        Assert.Equal("auc", auc.Metric.Key);
        Assert.Equal(expected, auc.Values);
        Assert.Contains("DeLong", auc.Test, StringComparison.Ordinal);
        Assert.Equal((60, 30), (comparison.Slides, comparison.Patients));
    }

    [Fact]
    public void P_values_are_corrected_by_Holm_over_the_metrics()
    {
        var metrics = RunComparer.Compare(Classes(1), Classes(5), "a", "b", _options).Metrics;

        Assert.Equal(
            MultipleTesting.Holm([.. metrics.Select(metric => metric.Values!.Value.PValue)]),
            metrics.Select(metric => metric.AdjustedP!.Value)
        );
        Assert.DoesNotContain(metrics, metric => metric.Metric.Key is "auc_delong");
    }

    [Fact]
    public void A_run_does_not_differ_from_itself_whatever_the_order_of_its_rows_and_classes()
    {
        var run = Classes(3);
        var turned = new PredictionTable(
            run.Target,
            ["tumour", "benign"],
            [
                .. run
                    .Rows.Reverse()
                    .Select(row =>
                        row with
                        {
                            Probabilities = [row.Probabilities[1], row.Probabilities[0]],
                            Score = row.Probabilities[0],
                            Patient = row.Slide,
                        }
                    ),
            ]
        );

        var comparison = RunComparer.Compare(run, turned, "a", "b", _options);

        Assert.Equal(30, comparison.Patients);
        Assert.All(
            comparison.Metrics,
            metric =>
            {
                var difference = metric.Values!.Value.Difference;
                Assert.Equal((0, 0, 0), (difference.Value, difference.Low, difference.High));
                Assert.Equal(1, metric.Values.Value.PValue);
            }
        );
    }

    [Fact]
    public void A_survival_run_is_compared_by_its_ranks_within_folds_and_equal_orders_do_not_differ()
    {
        var rows = Enumerable.Range(0, 40).Select(i => (1.0 + i, i % 3 > 0, -(double)((i * 7) % 40), 1 + (i % 2)));
        var first = Tables.Survival(rows);
        // the second fold's network speaks on another scale
        var second = Tables.Survival(
            rows.Select(row => (row.Item1, row.Item2, row.Item4 == 2 ? (9 * row.Item3) + 500 : row.Item3, row.Item4))
        );

        var comparison = RunComparer.Compare(first, second, "a", "b", _options);

        Assert.Equal("c_index", comparison.Metrics[0].Metric.Key);
        Assert.Contains(comparison.Metrics, metric => metric.Metric.Key is "ibs");
        Assert.DoesNotContain(comparison.Metrics, metric => metric.Metric.Key is "ibs_null" or "hr_per_sd");
        Assert.All(comparison.Metrics, metric => Assert.Equal(0, metric.Values!.Value.Difference.Value, 1e-12));
    }

    [Fact]
    public void Slides_of_one_run_only_are_left_out_and_told()
    {
        var first = Tables.Numbers(Enumerable.Range(0, 20).Select(i => ((double)i, (double)((i * 7) % 11))));
        var second = first with { Rows = [.. first.Rows.Skip(5)] };

        var comparison = RunComparer.Compare(first, second, "a", "b", _options);

        Assert.Equal(15, comparison.Slides);
        Assert.Contains(
            comparison.Notes,
            note => note.Contains("5 predictions of a and 0 of b have no partner", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void A_slide_predicted_in_several_folds_is_matched_fold_by_fold()
    {
        var run = Tables.Numbers([(1, 2), (2, 1), (3, 4), (4, 3)]);
        var twice = run with { Rows = [.. run.Rows, .. run.Rows.Select(row => row with { Fold = 3 - row.Fold })] };

        Assert.Equal(8, RunComparer.Compare(twice, twice, "a", "b", _options).Slides);
    }

    [Fact]
    public void What_is_not_determined_for_one_run_has_a_reason_and_no_part_in_the_correction()
    {
        var first = Tables.Numbers([(1, 2), (2, 1), (3, 4), (4, 3), (5, 5), (6, 8)]);
        var constant = first with { Rows = [.. first.Rows.Select(row => row with { Score = 3 })] };

        var metrics = RunComparer.Compare(first, constant, "a", "b", _options).Metrics;

        var spearman = metrics.Single(metric => metric.Metric.Key is "spearman");
        Assert.Equal("the prediction for all 6 slides is 3", spearman.Reason);
        Assert.Null(spearman.AdjustedP);
        Assert.Equal(3, metrics.Count(metric => metric.AdjustedP is not null));
    }

    [Fact]
    public void Other_targets_other_classes_other_truths_and_other_slides_are_refused()
    {
        var numbers = Tables.Numbers([(1, 2), (2, 1), (3, 4)]);
        var classes = Classes(1);

        Refused(numbers, classes, "predicts classification of growth, but a predicts regression of score");
        Refused(
            classes,
            new PredictionTable(classes.Target, ["benign", "other"], classes.Rows),
            "has the classes benign, other"
        );
        Refused(
            numbers,
            numbers with
            {
                Rows = [.. numbers.Rows.Select(row => row with { Value = 7 })],
            },
            "another truth for slide s0 than a: 7, not 1"
        );
        Refused(
            numbers,
            numbers with
            {
                Rows = [.. numbers.Rows.Select(row => row with { Slide = $"x{row.Slide}" })],
            },
            "no slide in common"
        );

        static void Refused(PredictionTable first, PredictionTable second, string told)
        {
            var error = Assert.Throws<InputException>(() => RunComparer.Compare(first, second, "a", "b", _options));
            Assert.Equal("b", error.Subject);
            Assert.Contains(told, error.Message, StringComparison.Ordinal);
        }
    }

    // 60 slides of 30 patients; the larger the step, the less the scores know
    private static PredictionTable Classes(int step)
    {
        var table = Tables.Binary(
            Enumerable
                .Range(0, 60)
                .Select(i =>
                    (i % 3 == 0 ? "tumour" : "benign", (((i * 17 * step) % 61) + (i % 3 == 0 ? 40 : 0)) / 101.0, 1)
                )
        );
        return table with { Rows = [.. table.Rows.Select((row, i) => row with { Patient = $"p{i / 2}" })] };
    }
}
