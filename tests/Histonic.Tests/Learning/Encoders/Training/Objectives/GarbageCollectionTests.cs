using Histonic.Learning.Encoders;
using Histonic.Learning.Encoders.Training;
using Histonic.Learning.Tensors;
using Histonic.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace Histonic.Tests.Learning.Encoders.Training.Objectives;

/// <summary>TorchSharp's numbers (<see cref="Scalar"/>) may be finalised while libtorch still reads them: see TorchScalars.</summary>
[NoTensorLeaks]
public sealed class GarbageCollectionTests
{
    private const int Steps = 50;

    [Theory]
    [InlineData(TrainingObjective.Mtl, EncoderArchitecture.Published)]
    [InlineData(TrainingObjective.Mtl, EncoderArchitecture.Deep)]
    [InlineData(TrainingObjective.Vae, EncoderArchitecture.Published)]
    [InlineData(TrainingObjective.Contrastive, EncoderArchitecture.Published)]
    [InlineData(TrainingObjective.Bigan, EncoderArchitecture.Published)]
    public void Collections_in_the_midst_of_training_change_nothing(
        TrainingObjective kind,
        EncoderArchitecture architecture
    )
    {
        var calm = Losses(kind, architecture);
        using var stop = new CancellationTokenSource();
        var collector = new Thread(() =>
        {
            while (!stop.IsCancellationRequested)
                GC.Collect(0, GCCollectionMode.Forced, blocking: true);
        });
        collector.Start();
        try
        {
            Assert.Equal(calm, Losses(kind, architecture));
        }
        finally
        {
            stop.Cancel();
            collector.Join();
        }
    }

    private static List<double> Losses(TrainingObjective kind, EncoderArchitecture architecture)
    {
        using var scope = NewDisposeScope();
        var task = ToyPatches.Task(16, ToyPatches.Stripes);
        var options = ToyPatches.Options(kind, task) with
        {
            Batch = 4,
            Weighting = LossWeighting.Uncertainty,
            Encoder = ToyPatches.Shape with { Width = 4, Channels = 3, Architecture = architecture },
        };
        using var objective = ToyPatches.Objective(options, task);
        using var generator = new Generator(1);
        AdamOptimizer[] optimizers = [.. objective.Players.Select(player => new AdamOptimizer(player))];
        objective.Network.train();
        var side = options.Encoder.InputSide;
        var viewsBCSS = randn([objective.Planner.Views, side, side, 3], generator: generator).permute(0, 3, 1, 2);
        List<double> losses = [];
        for (var step = 0; step < Steps; step++)
        {
            losses.AddRange(
                objective.Step(
                    viewsBCSS,
                    objective.Planner.Plan(step),
                    new Random(step),
                    (player, loss) => optimizers[player].Step(loss, 1e-3, clipNorm: null)
                )
            );
        }

        foreach (var optimizer in optimizers)
            optimizer.Dispose();
        return losses;
    }
}
