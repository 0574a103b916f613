using Histonic.Learning.Prediction;
using Histonic.Slides.Grids;
using Histonic.Tests.Support;
using static TorchSharp.torch;

namespace Histonic.Tests.Learning.Prediction;

/// <summary>What networks say without some cells, against the same slide compressed without them.</summary>
[NoTensorLeaks]
public sealed class OutputsWithoutTests
{
    private const int Channels = 5;

    [Theory]
    [InlineData("cnn", 12)] // every grid fits the crop: padded, strides 2
    [InlineData("cnn", 9)]
    [InlineData("abmil", 12)]
    [InlineData("abmil-position", 12)]
    [InlineData("mean", 12)]
    public void Cells_taken_for_background_are_as_if_they_had_no_tissue(string model, int side)
    {
        var random = new Random(side);
        var slide = new PlantedCohort(Side: 12, Channels: Channels).Slide("s", 0.3, random);
        using var chance = new Generator(5);
        using var network = SlideNetworks.Create(model, side, Channels, 2, chance);
        network.Features = FeatureScaling.Of([slide]);
        network.eval();

        // blocks, scattered cells, none, all
        Compare(
            network,
            slide,
            [
                .. Enumerable
                    .Range(0, slide.Cells.Count)
                    .GroupBy(n => (slide.Cells[n].Row / 3, slide.Cells[n].Column / 4))
                    .Select(group => group.ToArray()),
            ]
        );
        Compare(
            network,
            slide,
            [.. Enumerable.Range(0, slide.Cells.Count).GroupBy(_ => random.Next(6)).Select(group => group.ToArray())]
        );
        Compare(
            network,
            slide,
            [
                [],
                [.. Enumerable.Range(0, slide.Cells.Count)],
            ]
        );
    }

    [Fact]
    public void Crops_of_larger_grids_and_few_channels_at_once_are_no_different()
    {
        var random = new Random(4);
        var slide = new PlantedCohort(Side: 20, Channels: Channels).Slide("s", 0.3, random);
        using var chance = new Generator(5);
        using var network = new SlideCnn(new CnnPlan(15, [2, 1, 1, 1]), Channels, 3, chance) { FloatsAtOnce = 1200 };
        network.Features = FeatureScaling.Of([slide]);
        network.eval();

        Compare(
            network,
            slide,
            [
                .. Enumerable
                    .Range(0, slide.Cells.Count)
                    .GroupBy(n => (slide.Cells[n].Row / 4, slide.Cells[n].Column / 4))
                    .Select(group => group.ToArray()),
            ]
        );
    }

    [Fact]
    public void A_cell_that_drew_nearly_all_attention_leaves_an_exact_rest()
    {
        var random = new Random(4);
        var slide = new PlantedCohort(Side: 8, Channels: Channels).Slide("s", 0, random);
        using var chance = new Generator(6);
        using var network = SlideNetworks.Create("abmil", 8, Channels, 2, chance);
        network.Features = new FeatureScaling([10, 10, 10, 10, 10], [1, 1, 1, 1, 1]);
        network.eval();
        int most;
        using (NewDisposeScope())
        using (no_grad())
        {
            // weights so large that one cell draws all attention, to the last digits
            network.state_dict()["_weight.weight"].mul_(1e4);
            var attention = ((AttentionMil)network).Attend(network.Input.Stack([(slide, default)], network.Features));
            Assert.InRange(attention.max().item<float>(), 0.9999, 1);
            most = (int)attention.argmax().item<long>();
        }

        int[] others = [.. Enumerable.Range(0, slide.Cells.Count).Where(n => n != most)];
        Compare(
            network,
            slide,
            [
                [most],
                others[..3],
                others[3..],
            ]
        );
    }

    private static void Compare(SlideNetwork network, CompressedSlide slide, int[][] sets)
    {
        foreach (var view in network.Input.Cover(slide, symmetries: true))
        {
            var outputs = network.OutputsWithout(slide, view, sets);
            Assert.Equal(sets.Length, outputs.Length);
            foreach (var (s, cells) in sets.Index())
                AssertClose(Brute(network, Without(slide, cells), view), outputs[s]);
        }
    }

    private static double[] Brute(SlideNetwork network, CompressedSlide slide, SlideView view)
    {
        using var scope = NewDisposeScope();
        using var still = no_grad();
        // of no cells at all a mean is zero, and the output its bias
        var outputsO =
            slide.Cells.Count > 0 || network is SlideCnn
                ? network.Outputs([(slide, view)])[0]
                : network.state_dict()["_output.bias"];
        return [.. outputsO.to(float64).data<double>()];
    }

    private static CompressedSlide Without(CompressedSlide slide, int[] cells)
    {
        int[] kept = [.. Enumerable.Range(0, slide.Cells.Count).Except(cells)];
        return slide with
        {
            Cells = [.. kept.Select(n => slide.Cells[n])],
            Features = [.. kept.SelectMany(n => slide.Embedding(n).ToArray())],
        };
    }

    private static void AssertClose(double[] expected, double[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        foreach (var (o, value) in expected.Index())
            Assert.Equal(value, actual[o], 1e-4 * Math.Max(1, Math.Abs(value)));
    }
}
