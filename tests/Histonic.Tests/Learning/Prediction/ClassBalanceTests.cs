using Histonic.Learning.Prediction;
using Histonic.Slides;
using Histonic.Slides.Cohorts;
using Histonic.Tests.Support;
using static TorchSharp.torch;

namespace Histonic.Tests.Learning.Prediction;

[NoTensorLeaks]
public sealed class ClassBalanceTests
{
    private static readonly string[] _classes = ["a", "b=c"];

    [Fact]
    public void Balanced_weights_are_those_of_scikit_learn()
    {
        // compute_class_weight("balanced", classes=[0, 1], y=[0, 0, 0, 1]) = [0.66666667, 2]
        Assert.Equal([2.0 / 3, 2], Of("balanced").WeightsOf([3, 1]));
        Assert.Equal([1.0, 1], Of("none").WeightsOf([3, 1]));
        Assert.Equal([0.5, 3], Of("b=c=3, a=0.5").WeightsOf([3, 1]));
    }

    [Theory]
    [InlineData("a=1")]
    [InlineData("a=1,d=2")]
    [InlineData("a=1,b=c=0")]
    [InlineData("a=1,b=c=x")]
    [InlineData("")]
    public void Anything_else_is_refused(string text) => Assert.Throws<OptionException>(() => Of(text));

    [Theory]
    [InlineData("none", 1.0, 1.0, 1.0, 1.0)]
    [InlineData("balanced", 2.0 / 3, 2.0, 2.0 / 3, 2.0)]
    [InlineData("grade:x:a=2,grade:a=1,grade:x:b=c=1,grade:b=c=4", 1.0, 4.0, 2.0, 1.0)]
    public void Of_several_targets_each_takes_what_names_it(string text, params double[] weights)
    {
        var balances = ClassBalance.Of(text, [("grade", _classes), ("grade:x", _classes), ("score", [])]);

        Assert.Equal(weights, balances.Take(2).SelectMany(balance => balance!.WeightsOf([3, 1])));
        Assert.Null(balances[2]);
    }

    [Fact]
    public void A_target_that_no_weight_names_has_batches() =>
        Assert.Equal(
            [false, true],
            ClassBalance
                .Of("grade:a=1, grade:b=c=3", [("grade", _classes), ("grade:x", _classes)])
                .Select(balance => balance!.Deals)
        );

    [Theory]
    [InlineData("a=1,b=c=3")]
    [InlineData("score:a=1")]
    [InlineData("grade:a=1,b=c=3")]
    public void A_weight_that_names_no_target_with_classes_is_refused(string text)
    {
        var error = Assert.Throws<OptionException>(() => ClassBalance.Of(text, [("grade", _classes), ("score", [])]));

        Assert.Contains("such as grade:a=1,grade:b=c=1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_target_without_classes_takes_no_weights() =>
        Assert.Throws<OptionException>(() => ClassBalance.Of("balanced", [("score", [])]));

    /// <summary>A weight of 3 is as if each slide of the class were there three times.</summary>
    [Fact]
    public void A_weight_counts_as_so_many_slides()
    {
        Truth[] truths = [Labelled("a"), Labelled("b=c"), Labelled("a")],
            repeated = [Labelled("a"), Labelled("b=c"), Labelled("b=c"), Labelled("b=c"), Labelled("a")];
        float[] values = [0.3f, -0.2f, 1.1f, 0.4f, -0.7f, 0.6f];
        long[] rows = [0, 1, 1, 1, 2];
        using var scope = NewDisposeScope();
        var outputs = tensor(values, [3, 2]);
        var more = outputs[tensor(rows)];
        var weighted = Head("a=1,b=c=3");
        var plain = Head("none");

        var loss = weighted.Loss(outputs, truths, weighted.Standard(truths)).item<float>();

        Assert.Equal(plain.Loss(more, repeated, plain.Standard(repeated)).item<float>(), loss, 1e-6f);
        // the loss that chooses the epoch is the same one
        var activated = Enumerable
            .Range(0, 3)
            .Select(i =>
                weighted.Activate([.. outputs[i].data<float>().ToArray().Select(value => (double)value)], (0, 1))
            )
            .ToArray();
        Assert.Equal(loss, weighted.LossOf(activated, truths, (0, 1)), 1e-6);
    }

    [Fact]
    public void Without_balanced_batches_slides_come_as_often_as_they_are()
    {
        Truth[] truths = [.. Enumerable.Range(0, 20).Select(i => Labelled(i < 16 ? "a" : "b=c"))];

        Assert.Equal(
            Enumerable.Range(0, 20),
            Head("none").Batches(truths, 8, new Random(1)).SelectMany(batch => batch).Order()
        );
        Assert.All(
            Head("batches").Batches(truths, 8, new Random(1)),
            batch => Assert.Equal(batch.Count, 2 * batch.Count(i => i >= 16))
        );
    }

    private static SlideHead Head(string text) =>
        SlideHead.For(PlantedCohort.Class, _classes, "cross-entropy", Of(text));

    private static ClassBalance Of(string text) => Assert.Single(ClassBalance.Of(text, [("a", _classes)]))!;

    private static Truth Labelled(string label) => new("s", "p", 2) { Label = label };
}
