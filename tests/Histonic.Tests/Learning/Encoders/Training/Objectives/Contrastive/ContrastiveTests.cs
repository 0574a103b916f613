using Histonic.Learning.Encoders;
using Histonic.Learning.Encoders.Training;
using Histonic.Learning.Encoders.Training.Augmentation;
using Histonic.Learning.Encoders.Training.Data;
using Histonic.Learning.Encoders.Training.Objectives.Contrastive;
using Histonic.Slides;
using Histonic.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace Histonic.Tests.Learning.Encoders.Training.Objectives.Contrastive;

[NoTensorLeaks]
public sealed class ContrastiveTests
{
    [Fact]
    public void The_head_has_as_many_weights_as_P2s_table_says()
    {
        using var network = new ContrastiveNetwork(new EncoderShape(), new Seed(1));
        Assert.Equal(
            (256 * 256) + (3 * 256) + 256 + 1,
            network.parameters().Sum(p => p.numel()) - network.Encoder.parameters().Sum(p => p.numel())
        );
    }

    [Fact]
    public void A_pair_is_the_first_half_against_the_second_and_their_order_matters()
    {
        using var scope = NewDisposeScope();
        using var network = new ContrastiveNetwork(ToyPatches.Shape, new Seed(1));
        network.eval();
        var views = rand(6, 3, 32, 32);
        var together = network.Compare(views).data<float>().ToArray();
        for (var pair = 0; pair < 3; pair++)
        {
            var alone = network.Compare(stack([views[pair], views[pair + 3]])).ToSingle();
            Assert.Equal(together[pair], alone, 1e-4f);
            Assert.NotEqual(together[pair], network.Compare(stack([views[pair + 3], views[pair]])).ToSingle(), 1e-4f);
        }
    }

    [Fact]
    public void Pairs_of_colours_are_told_apart()
    {
        var accuracy = Train(ToyPatches.Tint);
        Assert.True(accuracy > 0.85, $"{accuracy}");
    }

    [Fact]
    public void Pairs_of_patches_that_are_all_the_same_are_not()
    {
        var accuracy = Train((_, _) => (x, y) => ((x * 7) % 200, (y * 5) % 200, 100));
        Assert.InRange(accuracy, 0.35, 0.65); // 128 pairs: over three standard deviations
    }

    private static double Train(Func<int, Random, Func<int, int, (double, double, double)>> paint)
    {
        var task = ToyPatches.Task(256, paint);
        var options = ToyPatches.Options(TrainingObjective.Contrastive, task) with
        {
            LearningRate = 1e-2,
            Augmentation = AugmentationOptions.Named["light"],
            Batch = 32,
        };
        using var objective = ToyPatches.Objective(options, task);
        var epochs = ToyPatches.Train(objective, options, epochs: 6, steps: 25);
        Assert.Equal(epochs.Max(epoch => epoch.Scores[1]), epochs.Last(epoch => epoch.Best).Scores[1]);
        var figures = objective.Figures(SplitPart.Test, Assert.Fail)[0];
        Assert.Equal("patches", figures.Name);
        Assert.Equal(16, figures.Groups);
        Assert.Equal(128, figures.Figures["pair_accuracy"].N);
        return figures.Figures["pair_accuracy"].Value;
    }
}
