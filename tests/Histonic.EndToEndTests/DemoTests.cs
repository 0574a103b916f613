using System.Text.Json;

namespace Histonic.EndToEndTests;

/// <summary>The demo keeps its promise: every target is predicted clearly better than chance, and the page holds it all.</summary>
public sealed class DemoTests
{
    [Fact]
    public async Task The_quick_demo_predicts_all_three_targets_clearly_better_than_chance()
    {
        using var folder = new TemporaryFolder();

        var (exit, _, messages) = await HistonicProcess.RunAsync(
            "demo",
            "--size",
            "quick",
            "--out",
            folder.Path,
            "--quiet"
        );

        // nor do native libraries say anything: libtorch had thousands of warnings on a processor unknown to NNPACK
        Assert.Equal((0, ""), (exit, messages));
        AssertClear(folder["runs/pattern/metrics.json"], "auc", least: 0.80, chance: 0.5);
        AssertClear(folder["runs/proliferation/metrics.json"], "spearman", least: 0.60, chance: 0);
        AssertClear(folder["runs/survival/metrics.json"], "c_index", least: 0.62, chance: 0.5);
        var page = await File.ReadAllTextAsync(folder["report.html"], TestContext.Current.CancellationToken);
        Assert.Contains("Overall survival", page, StringComparison.Ordinal);
        Assert.Equal(18, page.Split("under its heat map").Length - 1);
    }

    private static void AssertClear(string path, string metric, double least, double chance)
    {
        using var metrics = JsonDocument.Parse(File.ReadAllBytes(path));
        var estimate = metrics.RootElement.GetProperty("pooled").GetProperty(metric);
        Assert.InRange(estimate.GetProperty("value").GetDouble(), least, 1);
        Assert.InRange(estimate.GetProperty("low").GetDouble(), chance + 0.01, 1);
    }
}
