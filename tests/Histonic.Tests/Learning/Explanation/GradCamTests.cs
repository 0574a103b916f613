using Histonic.Learning.Explanation;
using Histonic.Learning.Prediction;
using Histonic.Slides;
using Histonic.Slides.Cohorts;
using Histonic.Slides.Grids;
using Histonic.Tests.Learning.Prediction;
using Histonic.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace Histonic.Tests.Learning.Explanation;

[NoTensorLeaks]
public sealed class GradCamTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(null)]
    public void A_map_weighs_each_filter_by_the_slope_that_finite_differences_find(int? output)
    {
        using var scope = NewDisposeScope();
        using var chance = new Generator(3);
        using var network = new SlideCnn(CnnPlan.For(12), 4, 2, chance);
        network.to(float64);
        network.eval();
        var grid = randn([1, 4, 12, 12], dtype: float64, generator: chance);
        using var still = no_grad();
        var maps = network.FirstMaps(grid);
        var expected = zeros([maps.shape[2], maps.shape[3]], dtype: float64);
        const double Step = 1e-6;
        for (var f = 0; f < maps.shape[1]; f++)
        {
            // moving a whole map changes the output by the sum of its slopes
            Tensor Moved(double by)
            {
                var moved = maps.clone();
                moved[0, f] += by;
                var outputs = network.AfterFirst(moved)[0];
                return output is { } one ? outputs[one] : outputs[0] + outputs[1];
            }

            var slopes = (Moved(Step) - Moved(-Step)) / (2 * Step);
            expected += maps[0, f] * slopes / (maps.shape[2] * maps.shape[3]);
        }

        var map = GradCam.Map(network, maps, output is { } one ? (one, 1, 1) : (0, 2, 1));

        Assert.NotEqual(0, map.max().item<double>());
        Assert.True(map.allclose(expected.relu(), rtol: 1e-5, atol: 1e-8));
    }

    [Theory]
    [InlineData("classification")]
    [InlineData("regression")]
    [InlineData("survival")]
    public void The_planted_cells_shine_and_cells_without_tissue_have_no_value(string task)
    {
        var cohort = new PlantedCohort(Slides: 72, Seed: 8);
        var target = new[] { PlantedCohort.Class, PlantedCohort.Value, PlantedCohort.Risk }.Single(one =>
            string.Equals(one.Task, task, StringComparison.Ordinal)
        );
        Train(cohort.For(target), "cnn", 40);
        using var run = PredictorRun.Open(_folder["run"]);
        var (planted, others) = (new List<float>(), new List<float>());
        var options = new GradCamOptions { Class = target is TargetSpec.Classification ? "high" : null };
        foreach (var slide in cohort.Planted(target).Select(one => one.Grid).Take(8))
        {
            var map = GradCam.Of(run, slide, options, TestContext.Current.CancellationToken);
            Assert.Equal(slide.Cells.Count, map.Values.Count(value => value is >= 0 and <= 1));
            Assert.Equal((slide.Rows * slide.Columns) - slide.Cells.Count, map.Values.Count(float.IsNaN));
            foreach (var (n, cell) in slide.Cells.Index())
                (slide.Embedding(n)[PlantedCohort.Channel] > 12 ? planted : others).Add(
                    map.Values[(cell.Row * map.Columns) + cell.Column]
                );
        }

        Assert.True(planted.Average() > 1.15 * others.Average(), $"{planted.Average()} against {others.Average()}");
    }

    [Fact]
    public void What_cannot_be_explained_is_told()
    {
        var cohort = new PlantedCohort(24);
        Train(cohort.For(PlantedCohort.Class), "mean", 1);
        using var run = PredictorRun.Open(_folder["run"]);
        var slide = cohort.Planted(PlantedCohort.Class)[0].Grid;

        Assert.Contains("needs a convolution", Refused(slide, new GradCamOptions()), StringComparison.Ordinal);
        Assert.Contains(
            "one of high, low",
            Refused(slide, new GradCamOptions { Class = "x" }),
            StringComparison.Ordinal
        );

        string Refused(CompressedSlide one, GradCamOptions options) =>
            Assert
                .Throws<OptionException>(() => GradCam.Of(run, one, options, TestContext.Current.CancellationToken))
                .Message;
    }

    private void Train(Cohort cohort, string model, int epochs) =>
        PredictorTrainer.Train(
            _folder["run"],
            cohort,
            null,
            new PredictorOptions { Model = model, Epochs = epochs },
            new Seed(1),
            1,
            resume: false,
            SilentMonitor.Instance,
            TestContext.Current.CancellationToken
        );
}
