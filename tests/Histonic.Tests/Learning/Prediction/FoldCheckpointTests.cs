using Histonic.Learning.Prediction;
using Histonic.Slides;
using Histonic.Tests.Support;
using static TorchSharp.torch;

namespace Histonic.Tests.Learning.Prediction;

[NoTensorLeaks]
public sealed class FoldCheckpointTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("cnn", "classification", "cross-entropy", 2)]
    [InlineData("cnn", "regression", "huber", 7)]
    [InlineData("abmil", "survival", "hazards", 9)]
    [InlineData("mean", "survival", "cox", 6)]
    public void A_fold_that_was_stopped_becomes_the_same_network(string model, string task, string loss, int stopAt)
    {
        var target = PlantedCohort.Target(task);
        var cohort = new PlantedCohort(24).For(target);
        var options = new PredictorOptions
        {
            Model = model,
            Loss = loss,
            Epochs = 12,
            BatchSize = 8,
            LearningRate = 0.01,
        };

        var (whole, wholeLog) = Train(_folder["whole.safetensors"], null);
        var path = _folder["fold/checkpoint.safetensors"];
        Assert.Throws<OperationCanceledException>(() => Train(path, stopAt));
        Assert.True(File.Exists(path));
        var (resumed, resumedLog) = Train(path, null);

        Assert.Equal(wholeLog, resumedLog);
        Assert.Equal(whole, resumed);

        (Dictionary<string, byte[]> Weights, List<TrainedEpoch> Log) Train(string checkpoint, int? stop)
        {
            using var scope = NewDisposeScope();
            using var chance = new Generator(5);
            var heads = TargetHeads.For([
                new RunTarget
                {
                    Task = task,
                    Columns = [.. target.Columns],
                    Classes = [.. cohort.Targets[0].Classes],
                    Loss = loss,
                },
            ]);
            using var network = SlideNetworks.Create(model, 10, cohort.Channels, heads.Outputs, chance);
            List<TrainedEpoch> log = [];
            FoldTrainer.Train(
                network,
                heads,
                [.. cohort.Slides.Take(16)],
                [.. cohort.Slides.Skip(16)],
                options,
                new Seed(3),
                new FoldCheckpoint(checkpoint, TimeSpan.Zero),
                epoch =>
                {
                    if (epoch.Epoch == stop)
                        throw new OperationCanceledException();
                    log.Add(epoch with { TargetMetrics = [] }); // a list is equal to itself only
                },
                TestContext.Current.CancellationToken
            );
            return (
                network
                    .state_dict()
                    .ToDictionary(one => one.Key, one => one.Value.bytes.ToArray(), StringComparer.Ordinal),
                log
            );
        }
    }

    [Fact]
    public void A_damaged_checkpoint_is_told_by_name()
    {
        File.WriteAllText(_folder["checkpoint.safetensors"], "no tensors");
        using var scope = NewDisposeScope();
        using var chance = new Generator(5);
        using var network = SlideNetworks.Create("mean", 10, 6, 2, chance);
        using var adam = new Histonic.Learning.Tensors.AdamOptimizer([.. network.parameters()]);
        using var best = new BestWeights();
        var error = Assert.Throws<InputException>(() =>
            new FoldCheckpoint(_folder["checkpoint.safetensors"], TimeSpan.Zero).Restore(network, adam, best, chance)
        );
        Assert.Equal(_folder["checkpoint.safetensors"], error.Subject);
    }
}
