using Histonic.Reports.Evaluation;
using Histonic.Slides;
using Histonic.Slides.Cohorts;
using Histonic.Statistics.Classification;
using Histonic.Statistics.Survival;

namespace Histonic.Tests.Reports.Evaluation;

public sealed class EvaluatorTests
{
    private static readonly EvaluationOptions _options = new() { Resamples = 200 };

    private static readonly (string, double, int)[] _perfect =
    [
        .. Enumerable.Range(0, 12).Select(i => (i % 2 == 0 ? "benign" : "tumour", i % 2 == 0 ? 0.1 : 0.9, 1 + (i / 6))),
    ];

    [Fact]
    public void Perfect_classes_score_one_everywhere()
    {
        var result = Evaluator.Evaluate(Tables.Binary(_perfect), _options);
        string[] perfect = ["auc", "auc_delong", "average_precision", "accuracy", "balanced_accuracy", "f1", "kappa"];
        Assert.Equal([.. perfect, "brier", "ece"], result.Pooled.Metrics.Select(s => s.Metric.Key));
        Assert.All(
            result.Folds.Append(result.Pooled).SelectMany(group => group.Metrics.Take(perfect.Length)),
            score =>
                Assert.Equal(
                    (1, 1, 1),
                    (score.Estimate!.Value.Value, score.Estimate.Value.Low, score.Estimate.Value.High)
                )
        );
        // every probability is 0.1 off
        Assert.Equal(0.01, result.Pooled["brier"].Estimate!.Value.Value, 12);
        Assert.Equal(0.1, result.Pooled["ece"].Estimate!.Value.Value, 12);
        Assert.Equal([1, 2], result.Folds.Select(fold => fold.Fold!.Value));
        Assert.Equal(12, result.Pooled["auc"].Estimate!.Value.N);
    }

    [Fact]
    public void The_figures_of_two_classes_are_those_of_the_statistics_and_DeLong_takes_patients_together()
    {
        var table = Tables.Binary(
            Enumerable.Range(0, 60).Select(i => (i % 3 == 0 ? "tumour" : "benign", ((i * 17) % 61) / 61.0, 1))
        );
        var clustered = table with { Rows = [.. table.Rows.Select((row, i) => row with { Patient = $"p{i / 2}" })] };
        double[] scores = [.. table.Rows.Select(row => row.Score)];
        bool[] positives = [.. table.Rows.Select(row => row.Label is "tumour")];

        var pooled = Evaluator.Evaluate(clustered, _options).Pooled;

        Assert.Equal(
            DeLong.Area(scores, positives, groups: [.. Enumerable.Range(0, 60).Select(i => i / 2)]),
            pooled["auc_delong"].Estimate
        );
        Assert.NotEqual(DeLong.Area(scores, positives), pooled["auc_delong"].Estimate);
        Assert.Equal(PrecisionRecall.Average(scores, positives), pooled["average_precision"].Estimate!.Value.Value);
        Assert.Equal(Calibration.Brier(scores, positives), pooled["brier"].Estimate!.Value.Value);
        Assert.Equal(Calibration.ExpectedError(scores, positives), pooled["ece"].Estimate!.Value.Value);
    }

    [Fact]
    public void Scores_that_are_no_probabilities_have_no_calibration()
    {
        var table = Tables.Binary(_perfect);
        var scores = table with
        {
            Rows =
            [
                .. table.Rows.Select(row =>
                    row with
                    {
                        Probabilities = [],
                        PredictedClass = null,
                        Score = 7 * row.Score,
                    }
                ),
            ],
        };

        var pooled = Evaluator.Evaluate(scores, _options).Pooled;

        Assert.Equal(1, pooled["average_precision"].Estimate!.Value.Value);
        Assert.Contains("it needs probabilities", pooled["brier"].Reason, StringComparison.Ordinal);
        Assert.Contains("it needs probabilities", pooled["ece"].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Inverted_classes_score_zero_and_kappa_minus_one()
    {
        var result = Evaluator.Evaluate(
            Tables.Binary(_perfect.Select(row => (row.Item1, 1 - row.Item2, row.Item3))),
            _options
        );
        Assert.Equal(0, result.Pooled["auc"].Estimate!.Value.Value);
        Assert.Equal(0, result.Pooled["accuracy"].Estimate!.Value.Value);
        Assert.Equal(-1, result.Pooled["kappa"].Estimate!.Value.Value, 12);
    }

    [Fact]
    public void Constant_scores_are_chance()
    {
        var result = Evaluator.Evaluate(Tables.Binary(_perfect.Select(row => (row.Item1, 0.7, row.Item3))), _options);
        Assert.Equal(0.5, result.Pooled["auc"].Estimate!.Value.Value);
        Assert.Equal(0.5, result.Pooled["balanced_accuracy"].Estimate!.Value.Value);
        Assert.Equal(0, result.Pooled["kappa"].Estimate!.Value.Value, 12);
    }

    [Fact]
    public void A_fold_of_one_class_has_a_reason_and_the_pooled_figures_stand()
    {
        var rows = _perfect.Select((row, i) => (row.Item1, row.Item2, Fold: i % 2 == 0 && i > 6 ? 2 : 1));
        var result = Evaluator.Evaluate(Tables.Binary(rows), _options);
        Assert.Equal("all 2 slides are of class benign", result.Folds[1]["auc"].Reason);
        Assert.Null(result.Folds[1]["auc"].Estimate);
        Assert.Equal(1, result.Folds[1]["accuracy"].Estimate!.Value.Value);
        Assert.Equal(1, result.Pooled["auc"].Estimate!.Value.Value);
    }

    [Fact]
    public void More_classes_are_judged_one_against_the_rest()
    {
        string[] classes = ["a", "b", "c"];
        var table = new PredictionTable(
            new TargetSpec.Classification("type"),
            classes,
            [
                .. Enumerable
                    .Range(0, 9)
                    .Select(i => new Prediction
                    {
                        Slide = $"s{i}",
                        Patient = $"p{i}",
                        Label = classes[i % 3],
                        Score = 0,
                        Probabilities = [.. Enumerable.Range(0, 3).Select(k => k == i % 3 ? 0.8 : 0.1)],
                        PredictedClass = classes[i % 3],
                    }),
            ]
        );
        var result = Evaluator.Evaluate(table, _options);
        Assert.Equal(1, result.Pooled["auc"].Estimate!.Value.Value);
        Assert.Equal(1, result.Pooled["f1"].Estimate!.Value.Value);
        Assert.Equal(1, result.Pooled["kappa_quadratic"].Estimate!.Value.Value);
        Assert.Equal(1, result.Pooled["average_precision"].Estimate!.Value.Value);
        // 0.2² + 0.1² + 0.1², and the top class right where 0.8 was promised
        Assert.Equal(0.06, result.Pooled["brier"].Estimate!.Value.Value, 12);
        Assert.Equal(0.2, result.Pooled["ece"].Estimate!.Value.Value, 12);
        Assert.Empty(result.Folds);

        var unsure = table with { Rows = [.. table.Rows.Select(row => row with { Probabilities = [] })] };
        Assert.Contains(
            "a probability of each",
            Evaluator.Evaluate(unsure, _options).Pooled["auc"].Reason,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Numbers_have_known_correlations_and_errors()
    {
        var result = Evaluator.Evaluate(Tables.Numbers([(1, 2), (2, 3), (3, 4), (4, 5), (5, 6), (6, 7)]), _options);
        Assert.Equal(1, result.Pooled["spearman"].Estimate!.Value.Value, 12);
        Assert.Equal(1, result.Pooled["pearson"].Estimate!.Value.Value, 12);
        Assert.Equal(1, result.Pooled["mae"].Estimate!.Value.Value, 12);
        Assert.Equal(1 - (6 / 17.5), result.Pooled["r2"].Estimate!.Value.Value, 12);
    }

    [Fact]
    public void A_constant_prediction_has_an_error_but_no_correlation()
    {
        var result = Evaluator.Evaluate(Tables.Numbers([(1, 3), (2, 3), (4, 3), (5, 3)]), _options);
        Assert.Equal("the prediction for all 4 slides is 3", result.Pooled["spearman"].Reason);
        Assert.Equal(1.5, result.Pooled["mae"].Estimate!.Value.Value);
        Assert.Equal(0, result.Pooled["r2"].Estimate!.Value.Value, 12);
    }

    [Fact]
    public void Risks_of_different_folds_are_compared_by_their_rank_within_the_fold()
    {
        // perfect within each fold, but the second fold's risks lie 100 higher: as they are, the pooled C-index would drop
        var rows = Enumerable
            .Range(0, 12)
            .Select(i => (Time: 1.0 + i, Event: true, Risk: -(double)i + (i % 2 == 0 ? 0 : 100), Fold: 1 + (i % 2)));
        var result = Evaluator.Evaluate(Tables.Survival(rows), _options);
        Assert.All(result.Folds, fold => Assert.Equal(1, fold["c_index"].Estimate!.Value.Value));
        Assert.True(result.Pooled["c_index"].Estimate!.Value.Value > 0.95);
        Assert.Contains(
            result.Notes,
            note => note.Contains("ranks of risks within their folds", StringComparison.Ordinal)
        );
        Assert.Equal((6, 6), (result.Risk!.Low!.N, result.Risk.High!.N));
        Assert.True(result.Risk.Test!.PValue < 0.01);
    }

    [Fact]
    public void The_figures_of_survival_are_those_of_the_statistics()
    {
        var rows = Risks(80);
        var table = Tables.Survival(rows);
        double[] times = [.. rows.Select(row => row.Time)],
            risks = [.. rows.Select(row => row.Risk)];
        bool[] events = [.. rows.Select(row => row.Event)];

        var result = Evaluator.Evaluate(table, _options with { Times = [40, 20] });

        Assert.Equal([20, 40], result.Horizons!.Times);
        var tau = result.Horizons.Tau;
        // a tenth of 80 were observed as long as τ, fewer as long as any later event
        Assert.True(times.Count(time => time >= tau) >= 8);
        Assert.DoesNotContain(rows, row => row.Event && row.Time > tau && times.Count(time => time >= row.Time) >= 8);
        Value(Concordance.Harrell(times, events, risks), "c_index");
        Value(Concordance.Uno(times, events, risks, tau), "uno_c");
        Value(TimeDependentAuc.At(times, events, risks, 20), "auc_at_20");
        Value(TimeDependentAuc.At(times, events, risks, 40), "auc_at_40");
        var mean = risks.Average();
        var spread = Math.Sqrt(risks.Average(risk => (risk - mean) * (risk - mean)));
        var ratio = CoxRegression.Fit(
            times,
            events,
            [
                [.. risks.Select(risk => (risk - mean) / spread)],
            ]
        );
        var found = result.Pooled["hr_per_sd"].Estimate!.Value;
        Assert.Equal(ratio.Coefficients[0].HazardRatio.Value, found.Value, 1e-9);
        Assert.Equal(ratio.Coefficients[0].HazardRatio.High, found.High, 1e-9);
        Assert.True(result.Pooled["hr_high_low"].Estimate!.Value.Value > 1);
        // the risks know something: the model's curves beat one curve for all, which beats a coin
        var (model, without) = (
            result.Pooled["ibs"].Estimate!.Value.Value,
            result.Pooled["ibs_null"].Estimate!.Value.Value
        );
        Assert.True(model < without && without < 0.25, $"{model} {without}");

        void Value(double expected, string key) =>
            Assert.Equal(expected, result.Pooled[key].Estimate!.Value.Value, 1e-12);
    }

    [Fact]
    public void Without_given_times_the_AUC_is_given_at_the_quartiles_of_the_events()
    {
        var rows = Enumerable.Range(0, 20).Select(i => (Time: 1.0 + i, Event: true, Risk: -(double)(i % 7), Fold: 1));

        var result = Evaluator.Evaluate(Tables.Survival(rows), _options);

        Assert.Equal([5, 10, 15], result.Horizons!.Times);
        Assert.Equal(
            ["c_index", "uno_c", "auc_at_5", "auc_at_10", "auc_at_15", "ibs", "ibs_null", "hr_per_sd", "hr_high_low"],
            result.Pooled.Metrics.Select(score => score.Key)
        );
    }

    [Fact]
    public void Risks_that_part_the_dead_from_the_living_have_no_hazard_ratio_but_a_reason()
    {
        var rows = Enumerable
            .Range(0, 20)
            .Select(i => (Time: i < 10 ? 1.0 + i : 30 + i, Event: i < 10, Risk: i < 10 ? 1.0 : 0, Fold: 1));

        var pooled = Evaluator.Evaluate(Tables.Survival(rows), _options).Pooled;

        Assert.Contains(
            "no finite hazard ratio for the predicted risk",
            pooled["hr_per_sd"].Reason,
            StringComparison.Ordinal
        );
        Assert.Contains("no survival curves follow", pooled["ibs"].Reason, StringComparison.Ordinal);
    }

    [Theory, InlineData(0), InlineData(-3), InlineData(double.NaN)]
    public void A_time_that_is_not_above_0_is_refused(double time) =>
        Assert.Throws<OptionException>(() =>
            Evaluator.Evaluate(Tables.Binary(_perfect), _options with { Times = [time] })
        );

    private static (double Time, bool Event, double Risk, int Fold)[] Risks(int n)
    {
        var random = new Random(6);
        return
        [
            .. Enumerable
                .Range(0, n)
                .Select(_ =>
                {
                    var risk = (random.NextDouble() * 4) - 2;
                    return (
                        Time: Math.Ceiling(-30 * Math.Exp(-risk) * Math.Log(1 - random.NextDouble())),
                        Event: random.Next(4) > 0,
                        Risk: risk,
                        Fold: 1
                    );
                }),
        ];
    }

    [Fact]
    public void A_patient_enters_the_risk_groups_once()
    {
        var rows = Enumerable.Range(0, 16).Select(i => (Time: 1.0 + (i / 2), Event: true, Risk: -(double)i, Fold: 1));
        var result = Evaluator.Evaluate(Tables.Survival(rows, slidesAPatient: 2), _options);
        Assert.Equal(8, result.Risk!.Low!.N + result.Risk.High!.N);
        Assert.Equal((16, 8), (result.Pooled.Slides, result.Pooled.Patients));
    }

    [Fact]
    public void Constant_risks_are_chance_and_split_nobody()
    {
        var rows = Enumerable.Range(0, 8).Select(i => (Time: 1.0 + i, Event: true, Risk: 0.3, Fold: 1));
        var result = Evaluator.Evaluate(Tables.Survival(rows), _options);
        Assert.Equal(0.5, result.Pooled["c_index"].Estimate!.Value.Value);
        Assert.Null(result.Risk!.Test);
        Assert.Equal("the predicted risks do not tell patients apart", result.Risk.Reason);
    }

    [Fact]
    public void All_censored_is_a_reason()
    {
        var rows = Enumerable.Range(0, 8).Select(i => (Time: 1.0 + i, Event: false, Risk: (double)i, Fold: 1));
        Assert.Contains(
            "censored",
            Evaluator.Evaluate(Tables.Survival(rows), _options).Pooled["c_index"].Reason,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Slides_of_one_patient_are_resampled_together()
    {
        var table = Tables.Binary(
            Enumerable
                .Range(0, 80)
                .Select(i =>
                    (i % 4 < 2 ? "benign" : "tumour", (((i / 8) * 37) % 10 / 10.0) + (i % 4 < 2 ? 0 : 0.04), 1)
                )
        );
        var alone = Evaluator.Evaluate(table, _options).Pooled["accuracy"].Estimate!.Value;
        var clustered = table with { Rows = [.. table.Rows.Select((row, i) => row with { Patient = $"p{i / 8}" })] };
        var together = Evaluator.Evaluate(clustered, _options).Pooled;
        Assert.Equal(10, together.Patients);
        Assert.Equal(alone.Value, together["accuracy"].Estimate!.Value.Value);
        Assert.NotEqual(alone.Low, together["accuracy"].Estimate!.Value.Low);
    }

    [Fact]
    public void One_patient_has_no_interval()
    {
        var table = Tables.Numbers([(1, 2), (2, 1), (3, 3)]);
        var one = table with { Rows = [.. table.Rows.Select(row => row with { Patient = "p" })] };
        Assert.Contains(
            "of one patient",
            Evaluator.Evaluate(one, _options).Pooled["mae"].Reason,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void What_was_trained_on_or_has_no_truth_is_left_out()
    {
        var table = Tables.Binary(_perfect);
        var mixed = table with
        {
            Rows =
            [
                .. table.Rows,
                table.Rows[0] with
                {
                    Slide = "t",
                    Split = "train",
                },
                table.Rows[0] with
                {
                    Slide = "u",
                    Label = null,
                },
            ],
        };
        var result = Evaluator.Evaluate(mixed, _options);
        Assert.Equal((12, 2), (result.Pooled.Slides, result.LeftOut));
        Assert.DoesNotContain(result.Rows, row => row.Prediction.Slide is "t" or "u");
    }

    [Fact]
    public void Nothing_to_score_says_what_to_do()
    {
        var table = Tables.Binary(_perfect);
        var unknown = table with { Rows = [.. table.Rows.Select(row => row with { Label = null })] };
        var error = Assert.Throws<InputException>(() => Evaluator.Evaluate(unknown, _options, "p.csv"));
        Assert.Equal(
            "p.csv: holds no slide whose truth is known. Fill the column growth, or give the truth with --labels.",
            error.Message
        );
        var trained = table with { Rows = [.. table.Rows.Select(row => row with { Split = "validation" })] };
        Assert.Contains(
            "trained on",
            Assert.Throws<InputException>(() => Evaluator.Evaluate(trained, _options)).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void The_same_seed_gives_the_same_intervals()
    {
        var table = Tables.Numbers(Enumerable.Range(0, 20).Select(i => ((double)i, (double)((i * 7) % 11))));
        var first = Evaluator.Evaluate(table, _options);
        var again = Evaluator.Evaluate(table, _options);
        var other = Evaluator.Evaluate(table, _options with { Seed = new Seed(2) });
        Assert.Equal(first.Pooled["pearson"].Estimate, again.Pooled["pearson"].Estimate);
        Assert.NotEqual(first.Pooled["pearson"].Estimate, other.Pooled["pearson"].Estimate);
    }
}
