using Histonic.Learning.Prediction;
using Histonic.Slides.Cohorts;
using Histonic.Tests.Support;
using static TorchSharp.torch;

namespace Histonic.Tests.Learning.Prediction;

[NoTensorLeaks]
public sealed class TargetHeadsTests
{
    private static readonly RunTarget _class = new()
    {
        Task = "classification",
        Columns = ["grade"],
        Classes = ["high", "low"],
        Loss = "cross-entropy",
        Weight = 2,
    };

    private static readonly RunTarget _value = new()
    {
        Task = "regression",
        Columns = ["score"],
        Loss = "mse",
        Weight = 0.5,
    };

    private static readonly RunTarget _label = new()
    {
        Task = "classification",
        Columns = ["er"],
        Group = "er,pr",
        Classes = ["0", "1"],
        Loss = "cross-entropy",
    };

    private static readonly RunTarget _risk = new()
    {
        Task = "survival",
        Columns = ["months", "died"],
        Loss = "cox",
    };

    /// <summary>Every term written out: two slides of known class, one of known value, two of a known label.</summary>
    [Fact]
    public void Losses_are_means_over_the_slides_that_know_the_target_and_are_weighed()
    {
        using var scope = NewDisposeScope();
        var heads = TargetHeads.For([_class, _value, _label], "none");
        LabelledSlide[] slides =
        [
            Slide("a", label: "low", value: null, er: "1"),
            Slide("b", label: null, value: 30, er: null),
            Slide("c", label: "high", value: null, er: "0"),
        ];
        var standard = heads.Standard([
            .. slides,
            Slide("d", label: null, value: 10, er: null), // mean 20, deviation 10
        ]);
        double[][] outputs =
        [
            [0.2, -0.4, 5, 1.5],
            [3, 3, 0.25, 9],
            [-1, 0.5, -7, 0.3],
        ];
        static double Softmax(double one, double other) => -Math.Log(1 / (1 + Math.Exp(other - one)));
        static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));
        var expected =
            (
                (2 * (Softmax(-0.4, 0.2) + Softmax(-1, 0.5)) / 2)
                + (0.5 * Math.Pow(0.25 - 1, 2))
                + ((-Math.Log(Sigmoid(1.5)) - Math.Log(1 - Sigmoid(0.3))) / 2)
            ) / 3.5;

        var loss = heads.Loss(tensor([.. outputs.SelectMany(row => row)], [3, 4]), slides, standard);
        var activated = outputs.Select(row => heads.Activate(row, standard)).ToArray();

        Assert.Equal(expected, loss.item<double>(), 1e-6);
        Assert.Equal(expected, heads.LossOf(activated, slides, standard), 1e-6);
        Assert.Equal([22.5, 1 - Sigmoid(9), Sigmoid(9)], activated[1][2..], (a, b) => Math.Abs(a - b) < 1e-12);
    }

    [Fact]
    public void Slopes_are_those_of_finite_differences_and_none_where_the_truth_is_unknown()
    {
        using var scope = NewDisposeScope();
        var heads = TargetHeads.For([_class, _risk, _label]);
        LabelledSlide[] slides =
        [
            Slide("a", "low", er: "1", months: 3, died: true),
            Slide("b", null, er: "0", months: 5, died: false),
            Slide("c", "high", er: null, months: 3, died: true),
            Slide("d", "low", er: null, months: null, died: null),
            Slide("e", null, er: "1", months: 2, died: true),
        ];
        slides =
        [
            .. slides.Select(slide => slide with { Truths = [slide.Truths[0], slide.Truths[3], slide.Truths[2]] }),
        ];
        var standard = heads.Standard(slides);
        using var chance = new Generator(3);
        var outputs = randn([5, 4], dtype: float64, generator: chance);
        outputs.requires_grad_();
        heads.Loss(outputs, slides, standard).backward();
        var slopes = outputs.grad!;
        const double Step = 1e-6;
        for (var b = 0; b < 5; b++)
        {
            for (var o = 0; o < 4; o++)
            {
                double At(double by)
                {
                    var moved = outputs.detach().clone();
                    moved[b, o] += by;
                    return heads.Loss(moved, slides, standard).item<double>();
                }

                Assert.Equal((At(Step) - At(-Step)) / (2 * Step), slopes[b, o].item<double>(), 1e-7);
                var target = o < 2 ? 0 : o - 1;
                if (!slides[b].Truths[target].IsKnown)
                    Assert.Equal(0, slopes[b, o].item<double>());
            }
        }

        Assert.NotEqual(0, slopes[0, 2].item<double>());
    }

    [Fact]
    public void Metrics_of_unlike_kinds_are_weighed_on_a_scale_from_chance_to_perfect()
    {
        var heads = TargetHeads.For([_class, _value, _risk]);

        // 2 · (2 · 0.75 − 1), 0.5 · ρ and 2 · 0.6 − 1, by weights that add up to 3.5
        Assert.Equal(((2 * 0.5) + (0.5 * 0.4) + 0.2) / 3.5, heads.Metric([0.75, 0.4, 0.6])!.Value, 1e-12);
        Assert.Equal(((2 * 0.5) + (0.5 * 0.4)) / 3.5, heads.Metric([0.75, 0.4, null])!.Value, 1e-12);
        Assert.Null(heads.Metric([null, null, null]));
        Assert.Equal(0.75, TargetHeads.For([_class]).Metric([0.75]));
    }

    private static LabelledSlide Slide(
        string name,
        string? label,
        double? value = null,
        string? er = null,
        double? months = null,
        bool? died = null
    )
    {
        var slide = new Truth(name, name, 1);
        return new LabelledSlide(
            PlantedCohort.Grid(name, 1, 1, 1, [], []),
            [
                slide with
                {
                    Label = label,
                },
                slide with
                {
                    Value = value,
                },
                slide with
                {
                    Label = er,
                },
                slide with
                {
                    Time = months,
                    Event = died,
                },
            ]
        );
    }
}
