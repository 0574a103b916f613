using Histonic.Learning.Encoders;
using Histonic.Learning.Encoders.Training;
using Histonic.Learning.Encoders.Training.Data;
using Histonic.Learning.Encoders.Training.Objectives.Vae;
using Histonic.Slides;
using Histonic.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace Histonic.Tests.Learning.Encoders.Training.Objectives.Vae;

[NoTensorLeaks]
public sealed class VaeTests
{
    [Theory]
    [InlineData(EncoderArchitecture.Deep, 512, 128)]
    [InlineData(EncoderArchitecture.Published, 1152, 64)]
    public void The_decoder_has_as_many_weights_as_P2s_table_says(
        EncoderArchitecture architecture,
        int features,
        int side
    )
    {
        using var scope = NewDisposeScope();
        using var network = new VaeNetwork(new EncoderShape { Architecture = architecture }, 1, new Seed(1));
        int[] filters = side == 128 ? [512, 256, 128, 64, 32, 16] : [512, 256, 128, 64, 32];
        var dense = (128 * 8192) + (3 * 8192);
        var convolutions = filters.Zip(filters.Skip(1), (inputs, outputs) => (inputs * outputs * 9) + (3 * outputs));
        var picture = (filters[^1] * 3 * 9) + 3;
        var logVariance = (features * 128) + 128;
        Assert.Equal(
            dense + convolutions.Sum() + picture + logVariance,
            network.parameters().Sum(p => p.numel()) - network.Encoder.parameters().Sum(p => p.numel())
        );
        network.eval();
        Assert.Equal([2, 3, side, side], network.Decode(zeros(2, 128)).shape);
    }

    [Fact]
    public void The_divergence_is_the_mean_of_the_logarithm_of_the_densities_quotient()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        double[] means = [0.5, -1.2, 0];
        double[] logVariances = [0.3, -0.9, 0];
        var (mean, logVariance) = (tensor(means, [1, 3]), tensor(logVariances, [1, 3]));
        var n = randn([1_000_000, 3], generator: generator).to(ScalarType.Float64);
        var e = mean + ((logVariance / 2).exp() * n);

        // log q(e) − log p(e), the constants of both densities being equal
        var quotients = ((-n.square() - logVariance + e.square()) / 2).sum(1);

        var error = quotients.std().ToDouble() / 1000;
        Assert.Equal(quotients.mean().ToDouble(), VaeNetwork.Divergence(mean, logVariance).ToDouble(), 4 * error);
        Assert.Equal(0, VaeNetwork.Divergence(zeros(1, 2), zeros(1, 2)).ToDouble());
        Assert.Equal(1, VaeNetwork.Divergence(ones(1, 2), zeros(1, 2)).ToDouble());
    }

    [Fact]
    public void However_large_its_inputs_the_variance_stays_bounded()
    {
        using var scope = NewDisposeScope();
        using var network = new VaeNetwork(ToyPatches.Shape, 0.05, new Seed(1));
        network.eval();
        var (_, logVariance) = network.Encode(randn(16, 3, 32, 32) * 1e4);
        Assert.InRange(logVariance.max().ToDouble(), double.NegativeInfinity, 2);
        Assert.True(logVariance.min().ToDouble() < -10, "nothing bounds it from below");
    }

    [Fact]
    public void Patches_of_one_colour_each_are_drawn_again_far_better_than_by_the_mean_picture()
    {
        var task = ToyPatches.Task(128, ToyPatches.Tint);
        var options = ToyPatches.Options(TrainingObjective.Vae, task) with { LearningRate = 5e-3, DecoderWidth = 0.1 };
        using var objective = ToyPatches.Objective(options, task);

        var epochs = ToyPatches.Train(objective, options, epochs: 6, steps: 25);

        var test = task.Of(SplitPart.Test).Select(sample => Colour(sample)).ToList();
        var train = task.Of(SplitPart.Train).Select(sample => Colour(sample)).ToList();
        double[] mean = [.. Enumerable.Range(0, 3).Select(c => train.Average(colour => colour[c]))];
        var ofMean = test.Average(colour => colour.Zip(mean, (a, b) => (a - b) * (a - b)).Average());
        var error = ToyPatches.Test(objective, "reconstruction_error");
        Assert.True(error < 0.33 * ofMean, $"{error}, the mean picture {ofMean}");
        Assert.Equal(epochs.Min(epoch => epoch.Scores[0]), epochs.Last(epoch => epoch.Best).Scores[0]);

        static double[] Colour(PatchSample sample) =>
            [.. sample.Source.Read(sample.Entry, default).Picture.Pixels.Take(3).Select(value => (value / 127.5) - 1)];
    }
}
