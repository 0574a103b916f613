using Histonic.Learning.Encoders;
using Histonic.Learning.Encoders.Training;
using Histonic.Learning.Encoders.Training.Objectives;
using Histonic.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace Histonic.Tests.Learning.Encoders.Training.Objectives;

[NoTensorLeaks]
public sealed class GradientTests
{
    // a step may cross a kink of LeakyReLU, which a shorter one then misses; a wrong gradient is wrong at each
    private static readonly double[] _steps = [1e-6, 1e-7];

    public static TheoryData<TrainingObjective, LossWeighting, EncoderArchitecture, int> Players { get; } =
        new()
        {
            { TrainingObjective.Mtl, LossWeighting.Equal, EncoderArchitecture.Published, 0 },
            { TrainingObjective.Mtl, LossWeighting.Given, EncoderArchitecture.Published, 0 },
            { TrainingObjective.Mtl, LossWeighting.Uncertainty, EncoderArchitecture.Published, 0 },
            { TrainingObjective.Mtl, LossWeighting.Equal, EncoderArchitecture.Deep, 0 },
            { TrainingObjective.Vae, LossWeighting.Equal, EncoderArchitecture.Published, 0 },
            { TrainingObjective.Vae, LossWeighting.Equal, EncoderArchitecture.Deep, 0 },
            { TrainingObjective.Vae, LossWeighting.Equal, EncoderArchitecture.Shallow, 0 },
            { TrainingObjective.Contrastive, LossWeighting.Equal, EncoderArchitecture.Published, 0 },
            { TrainingObjective.Bigan, LossWeighting.Equal, EncoderArchitecture.Published, 0 },
            { TrainingObjective.Bigan, LossWeighting.Equal, EncoderArchitecture.Published, 1 },
            { TrainingObjective.Bigan, LossWeighting.Equal, EncoderArchitecture.Shallow, 0 },
        };

    /// <summary>In double precision, along a random direction in each parameter, the gradient is the slope of the loss.</summary>
    [Theory]
    [MemberData(nameof(Players))]
    public void Gradients_are_the_slopes_of_the_loss(
        TrainingObjective kind,
        LossWeighting weighting,
        EncoderArchitecture architecture,
        int player
    )
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(5);
        var task = ToyPatches.Task(16, ToyPatches.Stripes);
        task = task with { Options = task.Options with { Weight = 0.7 } };
        var options = ToyPatches.Options(kind, task) with
        {
            Weighting = weighting,
            Batch = 6,
            VaeGamma = 0.01,
            Encoder = ToyPatches.Shape with { Width = 4, Channels = 3, Architecture = architecture },
        };
        using var objective = ToyPatches.Objective(options, task);
        objective.Network.to(ScalarType.Float64);
        objective.Network.train();
        var side = options.Encoder.InputSide;
        var viewsBCSS = randn([objective.Planner.Views, side, side, 3], generator: generator)
            .to(ScalarType.Float64)
            .tanh()
            .permute(0, 3, 1, 2);

        Run((_, loss) => loss.backward());
        var own = objective.Players[player];
        Assert.NotEmpty(own);
        var slopes = 0.0;
        foreach (var parameter in own)
        {
            using var inner = NewDisposeScope();
            var direction = randn(parameter.shape, generator: generator).to(ScalarType.Float64);
            direction /= direction.norm();
            var gradient = (parameter.grad! * direction).sum().ToDouble();
            double[] found = [.. _steps.Select(step => Slope(parameter, direction, step))];
            var slope = found.MinBy(one => Math.Abs(one - gradient));
            Assert.True(
                Math.Abs(slope - gradient) < 1e-7 + (1e-4 * Math.Abs(slope)),
                $"a parameter of {string.Join(" × ", parameter.shape)}: slopes {string.Join(", ", found)}, gradient {gradient}"
            );
            slopes += Math.Abs(slope);
        }

        Assert.True(slopes > 1e-3, "a loss that nothing changes would pass as well");

        double Slope(Tensor parameter, Tensor direction, double step)
        {
            Move(parameter, direction, step);
            var above = Loss();
            Move(parameter, direction, -2 * step);
            var below = Loss();
            Move(parameter, direction, step);
            return (above - below) / (2 * step);
        }

        double Loss()
        {
            var value = double.NaN;
            Run((_, loss) => value = loss.ToDouble());
            return value;
        }

        void Run(Descend descend) =>
            objective.Step(
                viewsBCSS,
                objective.Planner.Plan(0),
                new Random(7),
                (who, loss) =>
                {
                    if (who == player)
                        descend(who, loss);
                }
            );
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Neither_player_of_the_game_moves_the_other(int player)
    {
        using var scope = NewDisposeScope();
        var task = ToyPatches.Task(16, ToyPatches.Stripes);
        using var objective = ToyPatches.Objective(ToyPatches.Options(TrainingObjective.Bigan, task), task);
        var side = ToyPatches.Shape.InputSide;
        objective.Step(
            rand(objective.Planner.Views, 3, side, side),
            objective.Planner.Plan(0),
            new Random(1),
            (who, loss) =>
            {
                if (who == player)
                    loss.backward();
            }
        );
        Assert.All(objective.Players[1 - player], parameter => Assert.Null(parameter.grad));
        Assert.All(objective.Players[player], parameter => Assert.NotNull(parameter.grad));
        Assert.All(objective.Network.parameters(), parameter => Assert.True(parameter.requires_grad));
    }

    private static void Move(Tensor parameter, Tensor direction, double by)
    {
        using var still = no_grad();
        parameter.add_(direction, by);
    }
}
