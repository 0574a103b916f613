using Histonic.Learning.Prediction;
using Histonic.Slides;
using Histonic.Slides.Cohorts;
using Histonic.Slides.Grids;
using Histonic.Tests.Support;
using static TorchSharp.torch;

namespace Histonic.Tests.Learning.Prediction;

[NoTensorLeaks]
public sealed class ExtremeGridTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static IEnumerable<TheoryDataRow<string, int, int, int>> Grids =>
        from model in SlideNetworks.Names
        from grid in new[]
        {
            (Side: 1, Channels: 128, Cells: 1),
            (Side: 1, Channels: 2048, Cells: 1),
            (Side: 2, Channels: 512, Cells: 3),
            (Side: 64, Channels: 1024, Cells: 900),
            (Side: 800, Channels: 128, Cells: 4000),
            (Side: 800, Channels: 2048, Cells: 1500),
        }
        select new TheoryDataRow<string, int, int, int>(model, grid.Side, grid.Channels, grid.Cells);

    /// <summary>800 × 800 × 2048 laid out would be 5.2 GB a slide, and a crop of it 1.3 GB.</summary>
    [Theory]
    [MemberData(nameof(Grids))]
    public void Every_network_trains_and_predicts(string model, int side, int channels, int cells)
    {
        var random = new Random(side);
        LabelledSlide[] slides =
        [
            .. Enumerable
                .Range(0, 6)
                .Select(i => new LabelledSlide(
                    Sparse($"s{i}", side, channels, cells, random),
                    new Truth($"s{i}", $"p{i}", i + 2, Value: i)
                )),
        ];
        using var scope = NewDisposeScope();
        using var chance = new Generator(5);
        var heads = TargetHeads.For([
            new RunTarget
            {
                Task = "regression",
                Columns = ["score"],
                Loss = "mse",
            },
        ]);
        using var network = SlideNetworks.Create(model, side, channels, heads.Outputs, chance);
        var before = network
            .state_dict()
            .ToDictionary(one => one.Key, one => one.Value.clone(), StringComparer.Ordinal);

        var epoch = FoldTrainer.Train(
            network,
            heads,
            slides[..4],
            slides[4..5],
            new PredictorOptions
            {
                Epochs = 1,
                BatchSize = 4,
                LearningRate = 1e-3,
            },
            new Seed(3),
            new FoldCheckpoint(_folder["checkpoint.safetensors"], TimeSpan.MaxValue),
            _ => { },
            TestContext.Current.CancellationToken
        );
        var outputs = NetworkOutputs.Of(
            network,
            heads,
            network.Scales,
            [slides[5].Grid],
            slide => network.Input.All(slide).Take(2),
            TestContext.Current.CancellationToken
        );

        Assert.True(double.IsFinite(epoch.TrainingLoss) && double.IsFinite(epoch.ValidationLoss));
        Assert.True(double.IsFinite(outputs[0][0]));
        foreach (var (name, parameter) in network.named_parameters())
            Assert.True(parameter.isfinite().all().item<bool>(), name);
        var first = network.named_parameters().First().name;
        Assert.False(network.state_dict()[first].equal(before[first]).all().item<bool>(), $"{first} did not change");
    }

    /// <summary>Occlusion edits maps and sums in place: it needs what one look needs, however many sets of cells are taken out.</summary>
    [Theory]
    [InlineData("cnn")]
    [InlineData("abmil-position")]
    [InlineData("mean")]
    public void Every_network_says_what_it_would_without_some_cells(string model)
    {
        var slide = Sparse("s", 800, 2048, 1500, new Random(800));
        using var scope = NewDisposeScope();
        using var still = no_grad();
        using var chance = new Generator(5);
        using var network = SlideNetworks.Create(model, 800, 2048, 1, chance);
        network.Features = FeatureScaling.Of([slide]);
        network.eval();
        var view = network.Input.Cover(slide, symmetries: false).Last();
        int[][] sets =
        [
            .. Enumerable
                .Range(0, 1500)
                .GroupBy(n => (slide.Cells[n].Row / 50, slide.Cells[n].Column / 50))
                .Select(block => block.ToArray()),
        ];

        var outputs = network.OutputsWithout(
            slide,
            view,
            [
                [],
                .. sets,
            ]
        );

        Assert.Equal(network.Outputs([(slide, view)]).item<float>(), outputs[0][0], 1e-3);
        var shown = network.Input.Shown(slide, view).ToHashSet();
        var whole = Enumerable.Range(0, sets.Length).First(s => sets[s].All(shown.Contains));
        int[] kept = [.. Enumerable.Range(0, 1500).Except(sets[whole])];
        var without = slide with
        {
            Cells = [.. kept.Select(n => slide.Cells[n])],
            Features = [.. kept.SelectMany(n => slide.Embedding(n).ToArray())],
        };
        Assert.Equal(network.Outputs([(without, view)]).item<float>(), outputs[whole + 1][0], 1e-3);
        Assert.NotEqual(outputs[0][0], outputs[whole + 1][0]);
    }

    [Theory]
    [InlineData(1)] // a channel at a time
    [InlineData(4 * 144 * 4)] // four of six
    public void The_papers_network_comes_to_the_same_by_parts(long floatsAtOnce)
    {
        using var scope = NewDisposeScope();
        var slides = new PlantedCohort(5).All(PlantedCohort.Value);
        var (wholeOutputs, wholeGradients) = Pass(1 << 25);
        var (partOutputs, gradients) = Pass(floatsAtOnce);

        Assert.True(partOutputs.allclose(wholeOutputs, 1e-4, 1e-5));
        Assert.Equal(wholeGradients.Count, gradients.Count);
        foreach (var (name, gradient) in wholeGradients)
            Assert.True(gradients[name].allclose(gradient, 1e-3, 1e-4), name);
        Assert.True(wholeGradients.Values.First().abs().max().item<float>() > 1e-3);

        (Tensor Outputs, Dictionary<string, Tensor> Gradients) Pass(long atOnce)
        {
            using var chance = new Generator(5);
            using var network = new SlideCnn(CnnPlan.For(12), 6, 2, chance) { FloatsAtOnce = atOnce, Chance = chance };
            network.Features = FeatureScaling.Of([.. slides.Select(slide => slide.Grid)]);
            network.train();
            var random = new Random(4);
            var outputs = network.Outputs([
                .. slides.Select(slide => (slide.Grid, network.Crops.Draw(slide.Grid, random))),
            ]);
            outputs.pow(2).sum().backward();
            network.FinishGradients();
            return (
                outputs.detach(),
                network
                    .named_parameters()
                    .ToDictionary(one => one.name, one => one.parameter.grad!.clone(), StringComparer.Ordinal)
            );
        }
    }

    private static CompressedSlide Sparse(string name, int side, int channels, int count, Random random)
    {
        GridCell[] cells =
        [
            .. Enumerable
                .Range(0, side * side)
                .OrderBy(_ => random.Next())
                .Take(count)
                .Order()
                .Select(i => new GridCell(i / side, i % side)),
        ];
        var features = new float[count * channels];
        for (var i = 0; i < features.Length; i++)
            features[i] = random.NextSingle();
        return PlantedCohort.Grid(name, side, side, channels, cells, features);
    }
}
