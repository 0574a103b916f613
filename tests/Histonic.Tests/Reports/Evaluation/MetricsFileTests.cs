using System.Text.Json.Nodes;
using Histonic.Reports.Evaluation;
using Histonic.Slides;
using Histonic.Slides.Cohorts;
using Histonic.Tests.Support;

namespace Histonic.Tests.Reports.Evaluation;

public sealed class MetricsFileTests : IDisposable
{
    private static readonly EvaluationOptions _options = new() { Resamples = 100 };
    private readonly TemporaryFolder _folder = new();

    private string Metrics => _folder["metrics.json"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_file_holds_value_low_high_and_n_under_the_keys_of_the_contract()
    {
        Write(Sample());
        var root = JsonNode.Parse(File.ReadAllText(Metrics))!;
        foreach (var scores in new[] { root["pooled"]!, root["folds"]!["1"]!, root["folds"]!["2"]! })
        {
            foreach (var key in new[] { "spearman", "pearson", "mae", "r2" })
                Assert.Equal(["value", "low", "high", "n"], scores[key]!.AsObject().Select(pair => pair.Key));
        }

        Assert.Equal("regression", root["task"]!.GetValue<string>());
        Assert.Equal(20, root["slides"]!.GetValue<int>());
    }

    [Fact]
    public void What_was_written_is_read_again_to_the_last_digit()
    {
        var result = Sample();
        Write(result);
        var summary = MetricsFile.Read(Metrics);
        Assert.All(result.Pooled.Metrics, score => Assert.Equal(score.Estimate, summary.Pooled[score.Metric.Key]));
        foreach (var fold in result.Folds)
            Assert.All(
                fold.Metrics,
                score => Assert.Equal(score.Estimate, summary.Folds[fold.Fold!.Value][score.Metric.Key])
            );
    }

    [Fact]
    public void An_interval_of_another_kind_than_the_bootstrap_is_named_and_the_times_are_told()
    {
        var classes = Tables.Binary(
            Enumerable.Range(0, 20).Select(i => (i % 2 == 0 ? "benign" : "tumour", i / 20.0, 1))
        );
        Write(Evaluator.Evaluate(classes, _options));
        var pooled = JsonNode.Parse(File.ReadAllText(Metrics))!["pooled"]!;
        Assert.Contains("DeLong", pooled["auc_delong"]!["interval"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Null(pooled["auc"]!["interval"]);

        var risks = Tables.Survival(Enumerable.Range(0, 20).Select(i => (1.0 + i, true, -(double)(i % 7), 1)));
        Write(Evaluator.Evaluate(risks, _options));
        var horizons = JsonNode.Parse(File.ReadAllText(Metrics))!["horizons"]!;
        Assert.Equal([5, 10, 15], horizons["auc_times"]!.AsArray().Select(time => time!.GetValue<double>()));
        Assert.Equal(19, horizons["tau"]!.GetValue<double>());
    }

    [Fact]
    public void The_target_of_a_run_is_read_again()
    {
        Write(Sample());
        Assert.Equal([new TargetSpec.Regression("score")], MetricsFile.ReadTargets(Metrics));

        var risks = Tables.Survival(Enumerable.Range(0, 20).Select(i => (1.0 + i, true, -(double)(i % 7), 1)));
        Write(Evaluator.Evaluate(risks, _options));
        Assert.Equal([new TargetSpec.Survival("time", "event")], MetricsFile.ReadTargets(Metrics));

        File.WriteAllText(Metrics, """{"format_version": 1, "task": "survival", "target": []}""");
        Assert.Equal(Metrics, Assert.Throws<InputException>(() => MetricsFile.ReadTargets(Metrics)).Subject);
        Assert.Throws<InputException>(() => MetricsFile.ReadTargets(Metrics + ".none"));
    }

    [Fact]
    public void A_reason_is_written_instead_of_a_number_and_never_NaN()
    {
        var rows = Enumerable
            .Range(0, 8)
            .Select(i => (Time: 1.0 + i, Event: false, Risk: (double)i, Fold: 1 + (i % 2)));
        Write(Evaluator.Evaluate(Tables.Survival(rows), _options));
        var root = JsonNode.Parse(File.ReadAllText(Metrics))!;
        Assert.Contains(
            "censored",
            root["pooled"]!["c_index"]!["reason"]!.GetValue<string>(),
            StringComparison.Ordinal
        );
        Assert.DoesNotContain("NaN", File.ReadAllText(Metrics), StringComparison.Ordinal);
        Assert.Empty(MetricsFile.Read(Metrics).Pooled);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"format_version": 1}""")]
    [InlineData("""{"format_version": 99, "pooled": {}}""")]
    public void Another_file_is_an_input_at_fault(string text)
    {
        File.WriteAllText(Metrics, text);
        Assert.Equal(Metrics, Assert.Throws<InputException>(() => MetricsFile.Read(Metrics)).Subject);
    }

    private void Write(EvaluationResult result) => MetricsFile.Write(Metrics, new RunFigures([result], []), _options);

    private static EvaluationResult Sample() =>
        Evaluator.Evaluate(
            Tables.Numbers(Enumerable.Range(0, 20).Select(i => ((double)i, (double)((i * 7) % 11)))),
            _options
        );
}
