using Histonic.Learning.Prediction;
using Histonic.Slides.Cohorts;
using Histonic.Tests.Support;
using static TorchSharp.torch;

namespace Histonic.Tests.Learning.Prediction;

[NoTensorLeaks]
public sealed class SlideHeadTests
{
    private static readonly TargetSpec _risk = PlantedCohort.Risk;

    /// <summary>Two ways to one number: by logits as it is trained, by probabilities as epochs are chosen.</summary>
    [Theory]
    [InlineData("regression", "mse")]
    [InlineData("regression", "huber")]
    [InlineData("survival", "hazards")]
    public void The_loss_of_outputs_is_that_of_what_they_are_activated_to(string task, string loss)
    {
        using var scope = NewDisposeScope();
        var head = Head(task, loss);
        var truths = Truths(task, 40);
        var standard = head.Standard(truths);
        using var chance = new Generator(4);
        var outputs = randn([truths.Length, head.Outputs], generator: chance) * 2;

        var trained = head.Loss(outputs, truths, standard).item<float>();

        var rows = outputs.to(float64).data<double>().ToArray().Chunk(head.Outputs);
        var activated = rows.Select(row => head.Activate(row, standard)).ToArray();
        Assert.All(activated, one => Assert.Equal(head.Activated, one.Length));
        Assert.Equal(head.LossOf(activated, truths, standard), trained, 1e-5);
    }

    /// <summary>Gensheimer and Narasimhan 2019: the likelihood of what was seen, one patient and interval at a time.</summary>
    [Fact]
    public void Hazards_are_those_of_the_intervals_between_the_eighths_of_event_times()
    {
        using var scope = NewDisposeScope();
        var head = Head("survival", "hazards");
        // events at 1 … 16: the intervals end at 3, 5, 7, 9, 11, 13, 15
        Truth[] training =
        [
            .. Enumerable.Range(1, 16).Select(i => new Truth($"s{i}", $"p{i}", i, Time: i, Event: true)),
        ];
        _ = head.Standard(training);
        double[] hazards = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7];
        var outputs = tensor([.. hazards.Select(h => (float)Math.Log(h / (1 - h)))], [1, 7]);

        double Likelihood(double time, bool died) =>
            Math.Exp(-head.Loss(outputs, [new Truth("s", "p", 1, Time: time, Event: died)], (0, 1)).item<float>());

        Assert.Equal(0.1, Likelihood(2.9, true), 1e-6);
        Assert.Equal(0.9 * 0.2, Likelihood(3, true), 1e-6); // an interval begins with the end of the one before
        Assert.Equal(0.9 * 0.8 * 0.7, Likelihood(8, false), 1e-6);
        Assert.Equal(1, Likelihood(0, false), 1e-6);
        Assert.Equal(0.9 * 0.8 * 0.7 * 0.6 * 0.5 * 0.4 * 0.3, Likelihood(100, true), 1e-6); // the last interval has no end
        var activated = head.Activate([.. hazards.Select(h => Math.Log(h / (1 - h)))], (0, 1));
        Assert.Equal(0.9 * 0.8, activated[2], 1e-9);
        Assert.Equal(-activated[1..].Sum(), activated[0], 1e-9);
        Assert.True(head.Activate([2, 2, 2, 2, 2, 2, 2], (0, 1))[0] > activated[0], "higher hazards are a higher risk");
    }

    [Fact]
    public void Huber_counts_far_errors_by_their_size()
    {
        using var scope = NewDisposeScope();
        var head = Head("regression", "huber");
        Truth[] truths = [new("a", "a", 1, Value: 0), new("b", "b", 2, Value: 0)];

        // half of 0.5², and 4 − 0.5, as torch.nn.functional.huber_loss
        Assert.Equal((0.125 + 3.5) / 2, head.Loss(tensor([0.5f, -4f], [2, 1]), truths, (0, 1)).item<float>(), 1e-6);
    }

    [Theory]
    [InlineData("classification", "cross-entropy")]
    [InlineData("regression", "mse huber")]
    [InlineData("survival", "cox hazards")]
    public void Each_kind_of_target_has_its_losses(string task, string losses)
    {
        TargetSpec target = task switch
        {
            "classification" => PlantedCohort.Class,
            "regression" => PlantedCohort.Value,
            _ => _risk,
        };

        Assert.Equal(losses, string.Join(' ', SlideHead.LossesOf(target)));
    }

    private static SlideHead Head(string task, string loss) =>
        SlideHead.For(task is "survival" ? _risk : PlantedCohort.Value, [], loss);

    private static Truth[] Truths(string task, int count)
    {
        var random = new Random(6);
        return
        [
            .. Enumerable
                .Range(0, count)
                .Select(i =>
                    task is "survival"
                        ? new Truth($"s{i}", $"p{i}", i, Time: random.Next(30), Event: random.Next(3) > 0)
                        : new Truth($"s{i}", $"p{i}", i, Value: random.NextDouble() * 50)
                ),
        ];
    }
}
