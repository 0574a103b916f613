using Histonic.Learning.Prediction;
using Histonic.Tests.Support;
using static TorchSharp.torch;

namespace Histonic.Tests.Learning.Prediction;

[NoTensorLeaks]
public sealed class SlideCnnTests
{
    [Theory]
    [InlineData(1, 162_561)]
    [InlineData(2, 162_690)]
    public void At_crop_400_it_has_as_many_numbers_as_the_authors_network(int outputs, long expected)
    {
        using var chance = new Generator(1);
        using var network = new SlideCnn(CnnPlan.Paper, 128, outputs, chance);

        var statistics = network
            .named_buffers()
            .Where(buffer =>
                buffer.name.EndsWith("running_mean", StringComparison.Ordinal)
                || buffer.name.EndsWith("running_var", StringComparison.Ordinal)
            )
            .Sum(buffer => buffer.buffer.numel());

        Assert.Equal(2_304, statistics);
        Assert.Equal(expected, network.parameters().Sum(parameter => parameter.numel()) + statistics);
    }

    [Theory]
    [InlineData(1, 3)]
    [InlineData(13, 6)]
    [InlineData(60, 2)]
    public void It_takes_grids_of_any_size_and_gives_one_row_a_crop(int side, int channels)
    {
        using var scope = NewDisposeScope();
        using var chance = new Generator(1);
        using var network = new SlideCnn(CnnPlan.For(side), channels, 3, chance);
        network.eval();

        var outputs = network.call(rand([2, channels, network.Plan.Crop, network.Plan.Crop], generator: chance));

        Assert.Equal([2, 3], outputs.shape);
        Assert.True(outputs.isfinite().all().item<bool>());
    }

    [Fact]
    public void Dropout_drops_whole_maps_and_only_while_training()
    {
        using var scope = NewDisposeScope();
        using var chance = new Generator(1);
        using var network = new SlideCnn(CnnPlan.For(12), 4, 1, chance);
        var grids = rand([4, 4, 12, 12], generator: chance);
        network.Chance = chance;

        network.eval();
        var (first, second) = (network.call(grids), network.call(grids));
        network.train();
        var (third, fourth) = (network.call(grids), network.call(grids));

        Assert.Equal(0, (first - second).abs().max().item<float>());
        Assert.NotEqual(0, (third - fourth).abs().max().item<float>());
    }

    [Fact]
    public void The_same_seed_draws_the_same_weights()
    {
        using var scope = NewDisposeScope();
        using var one = new Generator(5);
        using var two = new Generator(5);
        using var a = new SlideCnn(CnnPlan.For(12), 4, 1, one);
        using var b = new SlideCnn(CnnPlan.For(12), 4, 1, two);

        Assert.All(
            a.parameters().Zip(b.parameters()),
            pair => Assert.Equal(0, (pair.First - pair.Second).abs().max().item<float>())
        );
    }
}
