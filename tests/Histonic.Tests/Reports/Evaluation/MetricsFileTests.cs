using System.Text.Json.Nodes;
using Histonic.Reports.Evaluation;
using Histonic.Slides;
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
        MetricsFile.Write(Metrics, Sample(), _options);
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
        MetricsFile.Write(Metrics, result, _options);
        var summary = MetricsFile.Read(Metrics);
        Assert.All(result.Pooled.Metrics, score => Assert.Equal(score.Estimate, summary.Pooled[score.Metric.Key]));
        foreach (var fold in result.Folds)
            Assert.All(
                fold.Metrics,
                score => Assert.Equal(score.Estimate, summary.Folds[fold.Fold!.Value][score.Metric.Key])
            );
    }

    [Fact]
    public void A_reason_is_written_instead_of_a_number_and_never_NaN()
    {
        var rows = Enumerable
            .Range(0, 8)
            .Select(i => (Time: 1.0 + i, Event: false, Risk: (double)i, Fold: 1 + (i % 2)));
        MetricsFile.Write(Metrics, Evaluator.Evaluate(Tables.Survival(rows), _options), _options);
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

    private static EvaluationResult Sample() =>
        Evaluator.Evaluate(
            Tables.Numbers(Enumerable.Range(0, 20).Select(i => ((double)i, (double)((i * 7) % 11)))),
            _options
        );
}
