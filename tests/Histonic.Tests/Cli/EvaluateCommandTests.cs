using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Histonic.Cli;
using Histonic.Reports.Evaluation;
using Histonic.Tests.Support;

namespace Histonic.Tests.Cli;

public sealed class EvaluateCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Foreign_predictions_and_labels_give_figures_and_a_page()
    {
        var predictions = new StringBuilder("slide,prediction\n");
        var labels = new StringBuilder("slide,patient,months,died\n");
        for (var i = 0; i < 12; i++)
        {
            predictions.Append(CultureInfo.InvariantCulture, $"s{i}.svs,{12 - i}\n");
            labels.Append(CultureInfo.InvariantCulture, $"s{i},p{i / 2},{i + 1},1\n");
        }

        File.WriteAllText(_folder["p.csv"], predictions.ToString());
        File.WriteAllText(_folder["l.csv"], labels.ToString());
        var (exit, results, _) = await CommandLineTests.Run(
            $"evaluate --predictions {_folder["p.csv"]} --labels {_folder["l.csv"]} --task survival --time months --event died --resamples 100 --out {_folder["out"]}"
        );
        Assert.Equal(ExitCode.Done, exit);
        Assert.Matches(@"c_index\s+1\.000\s+1\.000 to 1\.000\s+12", results);
        Assert.Equal(1, MetricsFile.Read(Path.Combine(_folder["out"], "metrics.json")).Pooled["c_index"].Value);
        Assert.Contains(
            "12 slides of 6 patients",
            File.ReadAllText(Path.Combine(_folder["out"], "report.html")),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Two_runs_are_compared_on_the_slides_that_both_predicted()
    {
        Run("good", noise: 1, slides: 40);
        Run("bad", noise: 30, slides: 38);
        foreach (var run in new[] { "good", "bad" })
        {
            var (scored, _, told) = await CommandLineTests.Run(
                $"evaluate --predictions {_folder[$"{run}/predictions.csv"]} --task regression --target y --resamples 200 --out {_folder[run]}"
            );
            Assert.True(scored == ExitCode.Done, told);
        }

        var (exit, results, messages) = await CommandLineTests.Run(
            $"evaluate --compare {_folder["good"]} {_folder["bad"]} --resamples 200 --out {_folder["out"]}"
        );

        Assert.True(exit == ExitCode.Done, messages);
        Assert.Contains("38 slides of 38 patients in both runs", results, StringComparison.Ordinal);
        var mae = JsonNode.Parse(File.ReadAllText(_folder["out/comparison.json"]))!["metrics"]!["mae"]!;
        Assert.True(mae["difference"]!["high"]!.GetValue<double>() < 0);
        Assert.Equal(5 * mae["p"]!.GetValue<double>(), mae["p_holm"]!.GetValue<double>(), 1e-12);
        var page = File.ReadAllText(_folder["out/report.html"]);
        Assert.Contains("<h2>Comparison</h2>", page, StringComparison.Ordinal);
        Assert.Contains("2 predictions of", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--compare {0} {1} --predictions {0}/predictions.csv", "--predictions")]
    [InlineData("--compare {0} {1}/none", "none")]
    [InlineData("--compare {1} {0}", "metrics.json")]
    [InlineData("--target y", "--compare and two runs")]
    public async Task A_comparison_that_cannot_be_made_says_why(string options, string told)
    {
        Run("scored", noise: 1, slides: 10);
        Run("unscored", noise: 2, slides: 10);
        await CommandLineTests.Run(
            $"evaluate --predictions {_folder["scored/predictions.csv"]} --task regression --target y --resamples 100 --out {_folder["scored"]}"
        );

        var (exit, _, messages) = await CommandLineTests.Run(
            $"evaluate {string.Format(CultureInfo.InvariantCulture, options, _folder["scored"], _folder["unscored"])} --out {_folder["out"]}"
        );

        Assert.Equal(ExitCode.InputAtFault, exit);
        Assert.Contains(told, messages, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder["out"]));
    }

    private void Run(string name, double noise, int slides)
    {
        var random = new Random(name.Length);
        var text = new StringBuilder("slide,patient,y,prediction\n");
        for (var i = 0; i < slides; i++)
            text.Append(CultureInfo.InvariantCulture, $"s{i},p{i},{i},{i + (noise * (random.NextDouble() - 0.5))}\n");
        Directory.CreateDirectory(_folder[name]);
        File.WriteAllText(_folder[$"{name}/predictions.csv"], text.ToString());
    }

    [Theory]
    [InlineData("slide,y,prediction\na,1,x\n", "--task regression --target y", "line 2")]
    [InlineData("slide,y,prediction\na,,1\nb,,2\n", "--task regression --target y", "no slide whose truth is known")]
    [InlineData("slide,y,prediction\na,1,1\n", "--task regression --target z", "no column \"z\"")]
    [InlineData("slide,y,prediction\na,1,1\n", "--task survival --target y", "--time")]
    [InlineData("slide,y,prediction\na,1,1\n", "--task regression --target y --resamples 3", "--resamples")]
    public async Task Input_at_fault_is_told_and_nothing_is_written(string table, string options, string told)
    {
        File.WriteAllText(_folder["p.csv"], table);
        var (exit, _, messages) = await CommandLineTests.Run(
            $"evaluate --predictions {_folder["p.csv"]} {options} --out {_folder["out"]}"
        );
        Assert.Equal(ExitCode.InputAtFault, exit);
        Assert.Contains(told, messages, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder["out"]));
    }
}
