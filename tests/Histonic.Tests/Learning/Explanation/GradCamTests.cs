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
    [InlineData(0, 1, 1)]
    [InlineData(0, null, 1)]
    [InlineData(1, null, -1)]
    [InlineData(2, 0, 1)]
    public void A_map_weighs_each_filter_by_the_slope_that_finite_differences_find(int layer, int? output, int sign)
    {
        using var scope = NewDisposeScope();
        using var chance = new Generator(3);
        using var network = new SlideCnn(new CnnPlan(15, [2, 1, 1, 1]), 4, 2, chance); // 15, 7, 5, 3, 1
        network.to(float64);
        network.eval();
        var grid = randn([1, 4, 15, 15], dtype: float64, generator: chance);
        using var still = no_grad();
        var maps = network.MapsOf(network.FirstMaps(grid), layer);
        Assert.Equal([1, 128, 7 - (2 * layer), 7 - (2 * layer)], maps.shape);
        var expected = zeros([maps.shape[2], maps.shape[3]], dtype: float64);
        const double Step = 1e-6;
        for (var f = 0; f < maps.shape[1]; f++)
        {
            // moving a whole map changes the output by the sum of its slopes
            Tensor Moved(double by)
            {
                var moved = maps.clone();
                moved[0, f] += by;
                var outputs = network.After(moved, layer)[0];
                return output is { } one ? outputs[one] : (outputs[0] + outputs[1]) * sign;
            }

            var slopes = (Moved(Step) - Moved(-Step)) / (2 * Step);
            expected += maps[0, f] * slopes / (maps.shape[2] * maps.shape[3]);
        }

        var outcome = new ExplainedOutcome(0, output, sign, output is { } index ? (index, 1, 1) : (0, 2, 1));
        var map = GradCam.Map(network, maps, layer, outcome);

        Assert.NotEqual(0, map.max().item<double>());
        Assert.True(map.allclose(expected.relu(), rtol: 1e-5, atol: 1e-8));
    }

    [Fact]
    public void Windows_are_centred_where_their_receptive_fields_are()
    {
        var plan = CnnPlan.Paper; // strides 2, 2, 2, 2, 2, 2, 1, 1
        for (var layer = 0; layer < plan.Strides.Count; layer++)
        {
            // the first and last cell that window i sees, layer by layer from the top
            double Centre(int i)
            {
                var (from, to) = (i, i);
                for (var below = layer; below >= 0; below--)
                    (from, to) = (from * plan.Strides[below], (to * plan.Strides[below]) + 2);
                return (from + to) / 2.0;
            }

            var (step, first) = GradCam.Centres(plan, layer);
            Assert.Equal(Centre(0), first);
            Assert.Equal(Centre(3), first + (3 * step));
        }
    }

    [Theory]
    [InlineData("classification")]
    [InlineData("regression")]
    [InlineData("survival")]
    public void The_planted_cells_shine_and_cells_without_tissue_have_no_value(string task)
    {
        var cohort = new PlantedCohort(Slides: 72, Seed: 8);
        var target = PlantedCohort.Target(task);
        using var run = cohort.Train(_folder["run"], target, "cnn", 40);
        var (planted, others) = (new List<float>(), new List<float>());
        var options = new ExplanationOptions { For = target is TargetSpec.Classification ? "high" : null };
        foreach (var slide in cohort.Planted(target).Select(one => one.Grid).Take(8))
        {
            var map = Explainer.Of(run, slide, options, TestContext.Current.CancellationToken);
            Assert.Equal(slide.Cells.Count, map.Values.Count(value => value is >= 0 and <= 1));
            Assert.Equal((slide.Rows * slide.Columns) - slide.Cells.Count, map.Values.Count(float.IsNaN));
            foreach (var (n, cell) in slide.Cells.Index())
                (PlantedCohort.IsPlanted(slide, n) ? planted : others).Add(
                    map.Values[(cell.Row * map.Columns) + cell.Column]
                );
        }

        Assert.True(planted.Average() > 1.15 * others.Average(), $"{planted.Average()} against {others.Average()}");
    }

    [Fact]
    public void What_cannot_be_explained_is_told()
    {
        var cohort = new PlantedCohort(24);
        using var run = cohort.Train(_folder["run"], PlantedCohort.Class, "mean", 1);
        var slide = cohort.Planted(PlantedCohort.Class)[0].Grid;

        Assert.Contains(
            "needs a convolution",
            Refused(slide, new ExplanationOptions { Method = ExplanationMethod.GradCam }),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "one of high, low, predicted",
            Refused(slide, new ExplanationOptions { For = "x" }),
            StringComparison.Ordinal
        );

        string Refused(CompressedSlide one, ExplanationOptions options) =>
            Assert
                .Throws<OptionException>(() => Explainer.Of(run, one, options, TestContext.Current.CancellationToken))
                .Message;
    }
}
