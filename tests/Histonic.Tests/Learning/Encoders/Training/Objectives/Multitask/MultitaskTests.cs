using Histonic.Learning.Encoders.Training;
using Histonic.Tests.Support;

namespace Histonic.Tests.Learning.Encoders.Training.Objectives.Multitask;

[NoTensorLeaks]
public sealed class MultitaskTests
{
    [Theory]
    [InlineData(LossWeighting.Equal)]
    [InlineData(LossWeighting.Uncertainty)]
    public void Two_textures_are_told_apart(LossWeighting weighting) =>
        Assert.True(Auc(weighting, shuffled: false) > 0.95);

    /// <summary>The same patches and the same training: only the labels say nothing now.</summary>
    [Fact]
    public void Shuffled_labels_cannot_be_learned() =>
        Assert.InRange(Auc(LossWeighting.Equal, shuffled: true), 0.35, 0.65); // 100 test patches: about 2.6 standard deviations

    private static double Auc(LossWeighting weighting, bool shuffled)
    {
        var labels = new Random(3);
        var task = ToyPatches.Task(400, ToyPatches.Stripes, shuffled ? _ => labels.Next(2) : null);
        var options = ToyPatches.Options(TrainingObjective.Mtl, task) with
        {
            Weighting = weighting,
            LearningRate = 5e-3,
        };
        using var objective = ToyPatches.Objective(options, task);
        ToyPatches.Train(objective, options, epochs: 3, steps: 15);
        return ToyPatches.Test(objective, "auc");
    }
}
