using System.Globalization;
using System.Text;
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
