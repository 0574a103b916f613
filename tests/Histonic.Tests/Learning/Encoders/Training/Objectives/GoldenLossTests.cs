using System.Globalization;
using Histonic.Learning.Encoders.Training;
using Histonic.Learning.Tensors;
using Histonic.Tests.Support;
using static TorchSharp.torch;

namespace Histonic.Tests.Learning.Encoders.Training.Objectives;

/// <summary>The losses of a fixed small training, step after step, as they were when they were written down.</summary>
/// <remarks>
/// tests/golden/training_losses.csv is written by this class: run it with HISTONIC_GOLDEN naming the folder tests/golden. Do so only when a
/// training shall change, and say in the commit why it did. What is right is shown by the gradients' and the toy problems' tests.
/// </remarks>
[NoTensorLeaks]
public sealed class GoldenLossTests
{
    private const int Steps = 8;

    private static readonly string[] _kinds = ["mtl", "uncertainty", "vae", "contrastive", "bigan"];

    [Fact]
    public void Losses_are_those_that_were_written_down()
    {
        var rows = _kinds.SelectMany(Curve).ToList();
        if (Environment.GetEnvironmentVariable("HISTONIC_GOLDEN") is { Length: > 0 } folder)
        {
            File.WriteAllLines(
                Path.Combine(folder, "training_losses.csv"),
                rows.Select(row =>
                        string.Create(
                            CultureInfo.InvariantCulture,
                            $"{row.Objective},{row.Step},{row.Name},{row.Loss:0.00000e+00}"
                        )
                    )
                    .Prepend("objective,step,name,loss")
            );
        }

        var golden = GoldenTable.Read("training_losses.csv");
        Assert.Equal(golden.Text("objective"), rows.Select(row => row.Objective));
        Assert.Equal(golden.Text("name"), rows.Select(row => row.Name));
        foreach (var (row, expected) in rows.Zip(golden.Numbers("loss")))
        {
            Assert.True(
                Math.Abs(row.Loss - expected) <= 1e-3 * Math.Max(Math.Abs(expected), 0.1),
                $"{row.Objective}, step {row.Step}: {row.Name} is {row.Loss}, and was {expected}"
            );
        }
    }

    private static IEnumerable<(string Objective, int Step, string Name, double Loss)> Curve(string kind)
    {
        using var scope = NewDisposeScope();
        var task = ToyPatches.Task(32, ToyPatches.Stripes);
        var options = ToyPatches.Options(
            kind is "uncertainty" ? TrainingObjective.Mtl : Enum.Parse<TrainingObjective>(kind, ignoreCase: true),
            task
        ) with
        {
            Batch = 8,
            Weighting = kind is "uncertainty" ? LossWeighting.Uncertainty : LossWeighting.Equal,
        };
        using var objective = ToyPatches.Objective(options, task);
        AdamOptimizer[] optimizers = [.. objective.Players.Select(player => new AdamOptimizer(player))];
        objective.Network.train();
        List<(string, int, string, double)> rows = [];
        for (var step = 0; step < Steps; step++)
        {
            var losses = objective.Step(
                Views(step, objective.Planner.Views),
                objective.Planner.Plan(step),
                new Random(step),
                (player, loss) => optimizers[player].Step(loss, 1e-3, clipNorm: null)
            );
            rows.AddRange(objective.LossNames.Select((name, i) => (kind, step, name, losses[i])));
        }

        foreach (var optimizer in optimizers)
            optimizer.Dispose();
        return rows;
    }

    /// <summary>Waves whose direction and length change from view to view: no picture file, no augmentation has a say.</summary>
    private static Tensor Views(int step, int count)
    {
        var side = ToyPatches.Shape.InputSide;
        var pixels = new float[count * side * side * 3];
        for (var i = 0; i < pixels.Length; i++)
        {
            var (c, x, y, view) = (i % 3, i / 3 % side, i / 3 / side % side, i / 3 / side / side);
            pixels[i] = (float)Math.Sin((x * 0.1 * (view + 1)) + (y * 0.07 * (step + 1)) + c);
        }

        return tensor(pixels, [count, side, side, 3]).permute(0, 3, 1, 2);
    }
}
